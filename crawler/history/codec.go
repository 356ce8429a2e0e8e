package history

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// bytewise begins an encoding in which every string stands with one character per byte. Plain JSON, which begins with
// a brace, has no form for bytes that are no UTF-8: two hostile names would become one.
const bytewise = 'B'

// encode turns a struct into JSON that decode turns back into the same, byte by byte. Equal values have equal
// encodings.
func encode(v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil || !bytes.Contains(plain, []byte(`\ufffd`)) { // what json writes for a byte that is no UTF-8
		return plain, err
	}
	widened, err := mapStrings(reflect.ValueOf(v), widen)
	if err != nil {
		return nil, err
	}
	wide, err := json.Marshal(widened.Interface())
	return append([]byte{bytewise}, wide...), err
}

// decode fills v, a pointer to a zero struct, from what encode made.
func decode(b []byte, v any) error {
	if len(b) == 0 || b[0] != bytewise {
		return json.Unmarshal(b, v)
	}
	if err := json.Unmarshal(b[1:], v); err != nil {
		return err
	}
	narrowed, err := mapStrings(reflect.ValueOf(v).Elem(), narrow)
	if err != nil {
		return err
	}
	reflect.ValueOf(v).Elem().Set(narrowed)
	return nil
}

// widen makes each byte a character of its own, U+0000 to U+00FF.
func widen(s string) (string, error) {
	wide := make([]rune, len(s))
	for i := range len(s) {
		wide[i] = rune(s[i])
	}
	return string(wide), nil
}

// narrow undoes widen.
func narrow(s string) (string, error) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return "", fmt.Errorf("character %U in bytewise text", r)
		}
		b = append(b, byte(r))
	}
	return string(b), nil
}

// mapStrings copies v with f applied to every string in it. Evidence is made of structs, slices and pointers.
func mapStrings(v reflect.Value, f func(string) (string, error)) (reflect.Value, error) {
	to := reflect.New(v.Type()).Elem()
	to.Set(v)
	switch {
	case v.Kind() == reflect.String:
		s, err := f(v.String())
		to.SetString(s)
		return to, err
	case v.Kind() == reflect.Pointer && !v.IsNil():
		item, err := mapStrings(v.Elem(), f)
		to.Set(reflect.New(v.Type().Elem()))
		to.Elem().Set(item)
		return to, err
	case v.Kind() == reflect.Slice && !v.IsNil() && v.Type().Elem().Kind() != reflect.Uint8:
		to.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		return to, mapEach(v.Len(), v.Index, to.Index, f)
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
		return to, mapEach(v.NumField(), v.Field, to.Field, f)
	}
	return to, nil
}

// mapEach maps the n parts of a slice or struct.
func mapEach(n int, from, to func(int) reflect.Value, f func(string) (string, error)) error {
	for i := range n {
		part, err := mapStrings(from(i), f)
		if err != nil {
			return err
		}
		to(i).Set(part)
	}
	return nil
}
