package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// Terraform renders a policy as the argument assume_role_policy of an
// aws_iam_role, by jsonencode, in the order of the policy. It is "" where the
// policy is no JSON object. jsonencode rather than the data source
// aws_iam_policy_document: it states the policy as it is, value for value.
func Terraform(policy string) string {
	d := json.NewDecoder(strings.NewReader(policy))
	d.UseNumber()
	value, err := hclValue(d)
	if err != nil || !bytes.HasPrefix(bytes.TrimSpace([]byte(policy)), []byte("{")) {
		return ""
	}
	f := hclwrite.NewEmptyFile()
	f.Body().SetAttributeRaw("assume_role_policy", hclwrite.TokensForFunctionCall("jsonencode", value))
	return string(hclwrite.Format(f.Bytes()))
}

// hclValue reads one JSON value and writes it as an HCL expression.
func hclValue(d *json.Decoder) (hclwrite.Tokens, error) {
	token, err := d.Token()
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return hclObject(d)
		}
		return hclTuple(d)
	case string:
		return hclwrite.TokensForValue(cty.StringVal(v)), nil
	case bool:
		return hclwrite.TokensForValue(cty.BoolVal(v)), nil
	case json.Number:
		n, err := cty.ParseNumberVal(v.String())
		return hclwrite.TokensForValue(n), err
	default:
		return hclwrite.TokensForValue(cty.NullVal(cty.DynamicPseudoType)), nil
	}
}

func hclObject(d *json.Decoder) (hclwrite.Tokens, error) {
	var attrs []hclwrite.ObjectAttrTokens
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("read policy: %w", err)
		}
		value, err := hclValue(d)
		if err != nil {
			return nil, err
		}
		attrs = append(attrs, hclwrite.ObjectAttrTokens{Name: hclKey(key.(string)), Value: value})
	}
	_, err := d.Token()
	return hclwrite.TokensForObject(attrs), err
}

func hclTuple(d *json.Decoder) (hclwrite.Tokens, error) {
	var items []hclwrite.Tokens
	for d.More() {
		item, err := hclValue(d)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	if closing, err := d.Token(); err != nil || closing != json.Delim(']') {
		return nil, errors.Join(errors.New("read policy: no end of list"), err)
	}
	return hclwrite.TokensForTuple(items), nil
}

// hclKey writes an object key, quoted unless it is an identifier.
func hclKey(key string) hclwrite.Tokens {
	if hclsyntax.ValidIdentifier(key) && key != "for" { // {for …} is an expression
		return hclwrite.TokensForIdentifier(key)
	}
	return hclwrite.TokensForValue(cty.StringVal(key))
}
