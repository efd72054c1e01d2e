package lexicon

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
)

// stixID is an identifier of STIX 2.1 section 2.9.
var stixID = regexp.MustCompile(`^[a-z][a-z0-9-]{1,248}[a-z0-9]--[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$`)

// stixNeeds are the properties that section 4.7 requires of an indicator.
var stixNeeds = []string{"type", "spec_version", "id", "created", "modified", "pattern", "pattern_type", "valid_from"}

// stixReads are the properties that say nothing beyond what an entry has, and
// those that are read.
var stixReads = []string{"type", "spec_version", "id", "created", "modified", "created_by_ref", "name", "description", "indicator_types", "pattern",
	"pattern_type", "pattern_version", "valid_from", "labels", "confidence", "extensions", "revoked"}

// ImportSTIX reads a STIX 2.1 bundle. Indicators that carry our extension
// become entries; what of the rest was not taken is in the loss list.
func ImportSTIX(r io.Reader, opt ImportOptions) (*Imported, error) {
	im := newImported(opt)
	ids := map[string]bool{}
	top, err := readShared(r, "objects", func(o map[string]any) error { im.stixObject(o, ids); return nil })
	if err != nil {
		return nil, err
	}
	if kind, _ := str(top, "type"); kind != "bundle" {
		return nil, fmt.Errorf("read file: its type is %q: not a STIX bundle", short(kind))
	}
	if id, _ := str(top, "id"); !stixID.MatchString(id) {
		return nil, fmt.Errorf("read file: the bundle has no identifier of STIX 2.1")
	}
	if v, there := top["spec_version"]; there {
		return nil, fmt.Errorf("read file: a bundle of version %q: want STIX 2.1, where its objects say their version", short(fmt.Sprint(v)))
	}
	for _, key := range slices.Sorted(maps.Keys(top)) {
		if key != "type" && key != "id" && key != "objects" {
			im.lose("", short(key), "not understood")
		}
	}
	return im, nil
}

func (im *Imported) stixObject(o map[string]any, ids map[string]bool) {
	kind, _ := str(o, "type")
	id, ok := str(o, "id")
	switch {
	case !ok || !stixID.MatchString(id):
		im.lose(fmt.Sprintf("object %d", im.Objects+len(ids)+1), "id", refused+"no identifier of STIX 2.1")
		return
	case ids[id]:
		im.lose(id, "id", refused+"the bundle has this object twice; the first was read")
		return
	}
	ids[id] = true
	switch {
	case kind == "indicator":
		im.Objects++
		im.stixIndicator(id, o)
	case id == stixIdentityID || id == stixExtensionID:
	default:
		im.lose(id, "type", fmt.Sprintf("objects of type %q are not read", short(kind)))
	}
}

func (im *Imported) stixIndicator(id string, o map[string]any) {
	for _, key := range stixNeeds {
		if s, ok := str(o, key); !ok || s == "" {
			im.lose(id, key, refused+"STIX 2.1 requires it")
			return
		}
	}
	if v, _ := str(o, "spec_version"); v != stixVersion {
		im.lose(id, "spec_version", refused+fmt.Sprintf("%q is not 2.1", short(v)))
		return
	}
	if revoked, there := o["revoked"]; there && revoked != false {
		im.lose(id, "revoked", refused+"its author took it back")
		return
	}
	extensions, _ := o["extensions"].(map[string]any)
	ours, ok := extensions[stixExtensionID].(map[string]any)
	if !ok {
		kind, _ := str(o, "pattern_type")
		im.lose(id, "extensions", refused+fmt.Sprintf("without our extension; a pattern of type %q is not read", short(kind)))
		return
	}
	im.stixLosses(id, o, extensions)
	e, ok := im.stixEntry(id, ours)
	if !ok {
		return
	}
	e.Confidence = im.stixConfidence(id, o["confidence"])
	im.take(id, e)
}

// stixLosses says what of an indicator that is taken stays behind.
func (im *Imported) stixLosses(id string, o, extensions map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(o)) {
		switch {
		case key == "external_references":
			im.lose(id, key, otherSource)
		case key == "object_marking_refs", key == "granular_markings":
			im.lose(id, key, "left out: our files carry no marking; keep to it yourselves")
		case !slices.Contains(stixReads, key):
			im.lose(id, short(key), "not carried over")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(extensions)) {
		if key != stixExtensionID {
			im.lose(id, "extensions."+short(key), "not understood")
		}
	}
}

// stixEntry reads our extension.
func (im *Imported) stixEntry(id string, x map[string]any) (e Entry, ok bool) {
	fields := map[string]*string{"entry_text": &e.Text, "entry_language": &e.Language, "category": &e.Category, "family": &e.Family, "sense": &e.Sense,
		"region": &e.Region, "platform": &e.Platform, "first_seen": &e.FirstSeen, "last_seen": &e.LastSeen, "reviewer": &e.Reviewer}
	for _, key := range slices.Sorted(maps.Keys(x)) {
		s, isText := x[key].(string)
		switch to := fields[key]; {
		case key == "extension_type":
		case key == "reliability":
			im.lose(id, key, otherSource)
		case key == "weight":
			im.lose(id, key, otherWeight)
		case key == "read_backwards":
			e.Backwards = x[key] == true
		case key == "innocent_readings":
			e.Innocent = im.stixReadings(id, x[key])
		case to == nil:
			im.lose(id, short(key), "not understood")
		case !isText:
			im.lose(id, key, refused+"not a string")
			return e, false
		default:
			*to = s
		}
	}
	return e, true
}

func (im *Imported) stixReadings(id string, v any) (out []InnocentReading) {
	list, ok := v.([]any)
	for _, x := range list {
		in, isObject := x.(map[string]any)
		reading, isText := str(in, "reading")
		words, isList := strs(in["words"])
		if !isObject || !isText || !isList {
			ok = false
			continue
		}
		out = append(out, InnocentReading{reading, words})
	}
	if !ok {
		im.lose(id, "innocent_readings", "left out: not a list of readings with words")
	}
	return out
}

// stixConfidence reads a confidence by the ranges of STIX 2.1 appendix A.
func (im *Imported) stixConfidence(id string, v any) string {
	if v == nil {
		return ""
	}
	n, ok := v.(json.Number)
	i, err := n.Int64()
	switch {
	case !ok || err != nil || i < 0 || i > 100:
		im.lose(id, "confidence", "left out: not a whole number from 0 to 100")
		return ""
	case i < 30:
		return "low"
	case i < 70:
		return "medium"
	}
	return "high"
}
