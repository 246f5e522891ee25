
/* Schemas: as a list of fields, as a word for a type, and as an example. */

/** Reads the references of one OpenAPI document. */
class Schemas {
  constructor(api) {
    this.api = api;
  }

  /** What `value` refers to, or itself. */
  resolve(value) {
    if (!value?.$ref) return value;
    return value.$ref.slice(2).split("/").reduce((place, key) => place?.[key], this.api);
  }

  /** Without the `null` that an optional value may be. */
  bare(schema) {
    const seen = this.resolve(schema) ?? {};
    const kinds = (seen.oneOf ?? seen.anyOf)?.filter((kind) => this.resolve(kind)?.type !== "null");
    if (kinds?.length === 1) return this.bare(kinds[0]);
    return seen;
  }

  /** Whether it may be `null`. */
  nullable(schema) {
    const seen = this.resolve(schema) ?? {};
    return [].concat(seen.type ?? []).includes("null")
      || (seen.oneOf ?? seen.anyOf ?? []).some((kind) => this.resolve(kind)?.type === "null");
  }

  /** The properties of an object, its parts taken together: name, schema, whether it must be there. */
  properties(schema) {
    const seen = this.bare(schema);
    const own = Object.entries(seen.properties ?? {})
      .map(([name, property]) => ({ name, property, required: (seen.required ?? []).includes(name) }));
    const all = own.concat((seen.allOf ?? []).flatMap((part) => this.properties(part)));
    return all.sort((a, b) => b.required - a.required);
  }

  /** The alternatives, where a value can be one of several things. */
  kinds(schema) {
    const seen = this.bare(schema);
    return seen.oneOf ?? seen.anyOf ?? [];
  }

  /** A word for what it is: `string`, `array of OrderItem`, `one of "a", "b"`. */
  typeName(schema) {
    const suffix = this.nullable(schema) ? " or null" : "";
    const seen = this.bare(schema);
    const values = seen.enum ?? (seen.const === undefined ? undefined : [seen.const]);
    if (values) return `one of ${values.map((value) => JSON.stringify(value)).join(", ")}${suffix}`;
    const type = [].concat(seen.type ?? []).filter((kind) => kind !== "null")[0];
    if (type === "array") return `array of ${this.typeName(seen.items)}${suffix}`;
    if (this.kinds(seen).length) return `one of ${this.kinds(seen).length} forms${suffix}`;
    const format = seen.format && !/^u?int(32|64)$/.test(seen.format) ? ` (${seen.format})` : "";
    return `${type ?? "any"}${format}${suffix}`;
  }

  /** The bounds, in words. */
  bounds(schema) {
    const seen = this.bare(schema);
    const said = [];
    if (seen.minimum !== undefined) said.push(`from ${seen.minimum}`);
    if (seen.maximum !== undefined) said.push(`to ${seen.maximum}`);
    if (seen.minLength !== undefined) said.push(`at least ${seen.minLength} characters`);
    if (seen.maxLength !== undefined) said.push(`at most ${seen.maxLength} characters`);
    if (seen.minItems !== undefined) said.push(`at least ${seen.minItems} items`);
    if (seen.maxItems !== undefined) said.push(`at most ${seen.maxItems} items`);
    if (seen.pattern !== undefined) said.push(`matching ${seen.pattern}`);
    if (seen.default !== undefined && seen.default !== null) said.push(`default ${JSON.stringify(seen.default)}`);
    return said.join(", ");
  }

  /** A value of this shape, to look at and to start from. */
  example(schema, name = "", within = []) {
    const seen = this.bare(schema);
    const given = seen.example ?? seen.examples?.[0] ?? seen.default ?? seen.const ?? seen.enum?.[0];
    if (given !== undefined && given !== null) return given;
    if (within.includes(seen)) return null;
    const inside = [...within, seen];
    const properties = this.properties(seen);
    if (properties.length) {
      return Object.fromEntries(properties.map(({ name: key, property }) => [key, this.example(property, key, inside)]));
    }
    if (this.kinds(seen).length) return this.example(this.kinds(seen)[0], name, inside);
    const type = [].concat(seen.type ?? []).filter((kind) => kind !== "null")[0];
    if (type === "array") return [this.example(seen.items, name, inside)];
    if (type === "integer" || type === "number") return seen.minimum ?? 1;
    if (type === "boolean") return true;
    if (type === "string") return exampleText(seen.format, name);
    return {};
  }

  /** The fields of an object as a list, those of objects inside on demand; null where there are none. */
  fields(schema, within = []) {
    const seen = this.bare(schema);
    if (within.includes(seen)) return null;
    const inside = [...within, seen];
    if ([].concat(seen.type ?? []).includes("array")) return this.fields(seen.items, inside);
    const kinds = this.kinds(seen).map((kind) => this.fields(kind, inside)).filter(Boolean);
    if (kinds.length) return element("div", null, kinds.flatMap((kind, at) => [at ? element("p", { class: "note" }, "or") : null, kind]));
    const properties = this.properties(seen);
    if (!properties.length) return null;
    return element("ul", { class: "fields" }, properties.map(({ name, property, required }) => {
      const nested = this.fields(property, inside);
      return this.field(name, property, required, nested && element("details", null, element("summary", null, "Its fields"), nested));
    }));
  }

  /** One field or parameter of a list. */
  field(name, schema, required, more, where, description) {
    const said = description ?? schema.description ?? this.resolve(schema)?.description ?? this.bare(schema).description;
    const bounds = this.bounds(schema);
    return element("li", null,
      element("div", { class: "field" },
        element("code", null, name),
        element("span", { class: "type" }, [where, this.typeName(schema), bounds].filter(Boolean).join(" · ")),
        required ? element("span", { class: "must" }, "required") : null),
      said ? element("div", { class: "note" }, prose(said)) : null,
      more);
  }
}

/** A plausible text for a field, from its format or its name. */
function exampleText(format, name) {
  const formats = { "date-time": "2026-11-20T10:00:00Z", date: "2026-11-20", email: "anna@example.com", uri: "/" };
  const names = {
    email: formats.email, password: "correct horse battery", new_password: "correct horse battery", current_password: "correct horse battery",
    full_name: "Anna Example", patient_name: "Anna Example", name: "Paracetamol 500 mg", currency: "USD", country: "US", phone: "+12025550123",
    code: "123456", slug: "paracetamol-500-mg", next_cursor: "eyJ…", content_type: "image/jpeg",
    product_id: "prd_01JD4X8Q4M7Z5T9V0W2Y3A6B8C", issued_on: formats.date, valid_until: formats.date,
  };
  return formats[format] ?? names[name] ?? "text";
}
