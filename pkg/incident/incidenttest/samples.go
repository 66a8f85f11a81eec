package incidenttest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

// Full is an incident in which every field has a value.
func Full(id string) *incident.Incident {
	i := &incident.Incident{}
	n := 0
	fill(reflect.ValueOf(i).Elem(), &n)
	i.ID, i.Revision, i.State = id, 0, incident.Open
	return i
}

// fill gives v and all within it values that differ.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(start.Add(time.Duration(*n) * 1001 * time.Millisecond)))
		return
	case json.RawMessage:
		v.SetBytes(fmt.Appendf(nil, `{"number":%d,"text":"<&> "}`, *n))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("value ", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Struct:
		for f := range v.NumField() {
			fill(v.Field(f), n)
		}
	default:
		fillElements(v, n)
	}
}

// fillElements is fill for what holds others.
func fillElements(v reflect.Value, n *int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, n)
		fill(value, n)
		v.SetMapIndex(key, value)
	default:
		panic(fmt.Sprintf("a field of an incident is of kind %s: say here how to fill it", v.Kind()))
	}
}

// shared is where two incidents hold the same memory, "" where they do not.
func shared(a, b *incident.Incident) string {
	return sharedIn(reflect.ValueOf(*a), reflect.ValueOf(*b), "Incident")
}

func sharedIn(a, b reflect.Value, path string) string {
	switch a.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		if a.IsNil() || b.IsNil() {
			return ""
		}
		if a.Pointer() == b.Pointer() {
			return path
		}
	}
	switch {
	case a.Type() == reflect.TypeFor[time.Time](): // its zone may be shared
	case a.Kind() == reflect.Pointer:
		return sharedIn(a.Elem(), b.Elem(), path)
	case a.Kind() == reflect.Struct:
		for f := range a.NumField() {
			if found := sharedIn(a.Field(f), b.Field(f), path+"."+a.Type().Field(f).Name); found != "" {
				return found
			}
		}
	case a.Kind() == reflect.Slice:
		for i := range min(a.Len(), b.Len()) {
			if found := sharedIn(a.Index(i), b.Index(i), fmt.Sprintf("%s[%d]", path, i)); found != "" {
				return found
			}
		}
	}
	return ""
}

// Hostile are names that strangers may make up.
func Hostile() []string {
	return []string{
		`"}],"head":{"S":"`, "seen#2025-03-01T09:30#0", "head", "permit all", "i\x00j", " ", "\n", "a\u2028b\u202e",
		"<script>alert(1)</script>", "../../etc/passwd", ":rev", "#shelf", "𝕣ole", "é", "e\u0301", "\\u0000", `\`, "NULL", "0",
	}
}
