package mailtest

const dovecotConf = `
base_dir = {{.Dir}}/run
log_path = {{.Dir}}/log/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{{.Dir}}/cert.pem
ssl_key = <{{.Dir}}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
verbose_proctitle = yes
auth_cache_size = 0
{{if not .Root}}
default_internal_user = {{.User}}
default_internal_group = {{.Group}}
default_login_user = {{.User}}
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
service stats {
  chroot =
}
{{end}}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
first_valid_uid = 1
mail_location = maildir:~/box
mail_max_userip_connections = 100
maildir_stat_dirs = no
mail_fsync = never
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = {{.Dir}}/oauth.conf
}
passdb {
  driver = checkpassword
  args = {{.Dir}}/check
}
userdb {
  driver = prefetch
}
userdb {
  driver = checkpassword
  args = {{.Dir}}/check
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = create
    special_use = \Sent
  }
}
recipient_delimiter = +
protocol lmtp {
  lmtp_save_to_detail_mailbox = no
}
service imap-login {
  process_limit = 200
  client_limit = 200
  inet_listener imap {
    port = {{.IMAP}}
  }
  inet_listener imaps {
    port = {{.IMAPS}}
    ssl = yes
  }
}
service imap {
  process_limit = 200
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = {{.LMTP}}
  }
}
`

// oauthConf asks the test itself whose an access token is.
const oauthConf = `
introspection_url = http://{{.Tokens}}/?token=
introspection_mode = get
username_attribute = username
active_attribute = active
active_value = true
`

// checkScript looks somebody up each time: Dovecot's own list of people is
// remembered for seconds. Its answers are those of checkpassword: 1 a wrong
// password, 3 nobody.
const checkScript = `#!/bin/bash
IFS= read -r -d '' user <&3
IFS= read -r -d '' password <&3
user=${user,,}
file={{.Dir}}/people/$user
[[ $user != */* && -f $file ]] || exit 3
[[ ${AUTHORIZED:-} == 1 || $(<"$file") == "$password" ]] || exit 1
export USER=$user HOME={{.Dir}}/mail/$user userdb_uid={{.UID}} userdb_gid={{.GID}} EXTRA="userdb_uid userdb_gid"
[[ ${AUTHORIZED:-} == 1 ]] && export AUTHORIZED=2
exec "$1"
`

const eximConf = `
keep_environment =
spool_directory = {{.Dir}}/spool
log_selector = -queue_run
log_file_path = {{.Dir}}/log/%s.log
pid_file_path = {{.Dir}}/spool/exim.pid
exim_user = {{.User}}
exim_group = {{.Group}}
never_users =
deliver_drop_privilege
primary_hostname = mail.ronde.example
qualify_domain = ronde.example
host_lookup =
rfc1413_query_timeout = 0s
smtp_enforce_sync = false
smtp_accept_max = 200
smtp_accept_queue_per_connection = 1000
queue_run_max = 20
message_size_limit = 60M
smtputf8_advertise_hosts = *
accept_8bitmime
tls_advertise_hosts = *
tls_certificate = {{.Dir}}/cert.pem
tls_privatekey = {{.Dir}}/key.pem
tls_on_connect_ports = {{.SMTPS}}
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
ignore_bounce_errors_after = 1h
bounce_return_size_limit = 100K

begin acl
rcpt:
  deny  message = 5.7.0 sign in first
        !authenticated = *
        !sender_domains = : *.example
  accept

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_set_id = $auth2
  server_condition = ${if eq{$auth3}{${lookup{$auth2}lsearch{ {{- .Dir}}/people.exim}{$value}{!none!}}}}
xoauth2:
  driver = plaintext
  public_name = XOAUTH2
  server_prompts = :
  server_condition = ${if match{$auth1}{\N^user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01$\N}{${if eq{$2}{${lookup{$1}lsearch{ {{- .Dir}}/people.exim}{$value}{!none!}}}}}{no}}

begin routers
all:
  driver = manualroute
  route_list = * 127.0.0.1 byname
  self = send
  transport = lmtp

begin transports
lmtp:
  driver = smtp
  protocol = lmtp
  port = {{.LMTP}}
  hosts_avoid_tls = *
  allow_localhost
  message_linelength_limit = 1M

begin retry
* * F,1h,1s
`
