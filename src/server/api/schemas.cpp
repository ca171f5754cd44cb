// SPDX-License-Identifier: Apache-2.0
// The shapes of the API's answers; a test holds every answer to them.
#include "server/api/api.hpp"

namespace amate::server::api {
namespace {

// In the small: `text?` may be null. Expanded to JSON Schema below.
constexpr const char* kShapes = R"({
"Pack": {"name": "text", "title": "labels", "version": "text", "definitions_digest": "text",
  "country": "text", "languages": ["text"], "invented": "boolean", "snapshot": "Snapshot?"},
"Snapshot": {"cutoff": "date", "made_at": "text", "ledger_head": "text"},
"Share": {"computed": "integer", "equal": "integer", "total": "integer"},
"Objective": {"id": "text", "title": "labels", "summary": "labels", "goals": ["labels"],
  "figures": ["text"], "share": "Share"},
"Programme": {"id": "text", "family": "text", "title": "labels", "summary": "labels",
  "objectives": ["text"], "institutions": ["text"], "registers": ["text"], "lines": "text"},
"Institution": {"id": "text", "acronym": "text", "name": "labels", "kind": "text",
  "country": "text", "parent": "text"},
"Figure": {"id": "text", "title": "labels", "objective": "text", "programmes": ["text"],
  "institutions": ["text"], "measure": "text", "unit": "text", "reported": "text", "how": "text",
  "computed": "integer?", "difference": "integer?", "agrees": "boolean?", "withheld": "boolean",
  "cutoff": "date?"},
"FigureOpened": {"id": "text", "title": "labels", "objective": "text", "programmes": ["text"],
  "institutions": ["text"], "measure": "text", "unit": "text", "reported": "text", "how": "text",
  "computed": "integer?", "difference": "integer?", "agrees": "boolean?", "withheld": "boolean",
  "cutoff": "date?", "period": "Period", "disaggregation": "labels", "relations": ["Relation"],
  "document": "text", "source_line": "integer", "reported_cutoff": "date?", "rule": "Rule?",
  "why_not": "text?"},
"Period": {"first": "date?", "last": "date?"},
"Relation": {"kind": "text", "others": ["text"]},
"Rule": {"indicator": "text", "title": "labels", "note": "labels", "register": "text",
  "where": "text", "where_in_words": "labels", "sql": "text", "snapshot_digest": "text"},
"Register": {"name": "text", "title": "labels", "summary": "labels", "institution": "text",
  "sensitivity": "text", "records": "integer?", "tables": "boolean"},
"RegisterOpened": {"name": "text", "title": "labels", "summary": "labels", "institution": "text",
  "sensitivity": "text", "records": "integer?", "tables": "boolean", "folio": "text",
  "fields": ["Field"], "dimensions": ["Dimension"], "states": ["text"]},
"Field": {"name": "text", "title": "labels", "type": "text", "codelist": "text?",
  "sensitivity": "text", "required": "boolean", "relevant": "text", "constraint": "text"},
"Dimension": {"name": "text", "title": "labels", "codelist": "text?"},
"Table": {"register": "text", "measure": "text", "where": "text", "period": "Period",
  "cutoff": "date", "total": "integer", "total_value": "number?",
  "dimensions": ["TableDimension"], "cells": ["Cell"], "sql": "text"},
"TableDimension": {"name": "text", "title": "text"},
"Cell": {"codes": ["text"], "labels": ["text"], "count": "integer", "value": "number?"},
"Found": {"kind": "text", "id": "text", "title": "text", "path": "text"},
"Finding": {"kind": "text", "check": "text", "figure": "text", "others": ["text"],
  "reported": "text", "expected": "text", "key": "text", "text": "text"},
"Receipt": {"register": "text", "folio": "text", "revision": "integer", "act": "text",
  "state": "text", "entry": "integer", "pending": "boolean", "repeated": "boolean"},
"ReceiptList": {"items": ["Receipt"]},
"Task": {"name": "text", "due": "text?"},
"Deadline": {"name": "text", "title": "labels", "due": "text", "state": "text"},
"Record": {"register": "text", "folio": "text", "revision": "integer", "state": "text",
  "flags": ["text"], "tasks": ["Task"], "deadlines": ["Deadline"], "withdrawn": "boolean",
  "pending": "WaitingAct?", "recorded_at": "text", "version": "text", "fields": "object"},
"WaitingAct": {"kind": "text", "action": "text", "by": "text", "reason": "text",
  "effective_at": "text", "changes": "object", "approvals": ["Approval"]},
"Approval": {"user": "text", "role": "text"},
"RecordLine": {"folio": "text", "revision": "integer", "state": "text", "flags": ["text"],
  "tasks": ["Task"], "pending": "boolean", "recorded_at": "text"},
"RecordPage": {"items": ["RecordLine"], "next": "text?"},
"Revision": {"revision": "integer", "act": "text", "entry": "integer", "recorded_at": "text",
  "effective_at": "text", "reason": "text", "state": "text", "flags": ["text"],
  "version": "text", "changes": "object"},
"RecordHistory": {"register": "text", "folio": "text", "items": ["Revision"]},
"Upload": {"id": "text", "source": "text", "length": "integer", "offset": "integer",
  "expires": "text", "batch": "text?"},
"Batch": {"id": "text", "file_digest": "text", "source": "text", "register": "text",
  "state": "text", "rows_read": "integer", "accepted": "integer?", "quarantined": "integer?",
  "corrected": "integer?", "flagged": "integer?", "entry": "integer?", "at": "text?",
  "problems": ["RowProblem"]},
"RowProblem": {"code": "text", "text": "text", "remedy": "text", "line": "integer",
  "column": "integer", "header": "text"},
"QuarantinedRow": {"row": "integer", "cells": "object", "rest": "text", "codes": "text",
  "problems": ["RowProblem"]},
"CorrectedRow": {"batch": "text", "row": "integer", "register": "text", "folio": "text",
  "entry": "integer"},
"Health": {"status": "text", "cutoff": "date?"}
})";

namespace json = boost::json;

json::value schema_of(const json::value& shape) {
    if (shape.is_array()) {
        return {{"type", "array"}, {"items", schema_of(shape.as_array().at(0))}};
    }
    auto name = std::string(shape.as_string());
    const bool nullable = name.back() == '?';
    if (nullable) name.pop_back();
    json::object schema;
    std::string type = name;
    if (name == "text" || name == "date") type = "string";
    if (name == "date") schema["format"] = "date";
    if (name == "labels") {
        type = "object";
        schema["additionalProperties"] = {{"type", "string"}};
    }
    if (name[0] >= 'A' && name[0] <= 'Z') {
        const json::object reference{{"$ref", "#/components/schemas/" + name}};
        if (!nullable) return reference;
        return {{"oneOf", json::array{reference, json::object{{"type", "null"}}}}};
    }
    schema["type"] =
        nullable ? json::value(json::array{json::value(type), "null"}) : json::value(type);
    return schema;
}

json::object object_schema(const json::object& properties) {
    json::array required;
    for (const auto& property : properties) required.push_back(property.key());
    return {{"type", "object"},
            {"properties", properties},
            {"required", std::move(required)},
            {"additionalProperties", false}};
}

json::object list_schema(const std::string& item) {
    return object_schema(
        {{"items", {{"type", "array"}, {"items", {{"$ref", "#/components/schemas/" + item}}}}},
         {"total", {{"type", "integer"}}},
         {"limit", {{"type", "integer"}}},
         {"offset", {{"type", "integer"}}},
         {"next", {{"type", {"string", "null"}}}}});
}

// What requests may hold: what is not required may be left out.
json::object request_schema(const json::object& properties, const json::array& required) {
    return {{"type", "object"},
            {"properties", properties},
            {"required", required},
            {"additionalProperties", false}};
}

void add_request_schemas(json::object& schemas) {
    const json::object base{{"type", "integer"}, {"minimum", 1}};
    const json::object fields{{"type", "object"}};
    const json::object text{{"type", "string"}};
    const json::object change{
        {"base", base}, {"fields", fields}, {"reason", text}, {"effective_at", text}};
    schemas["RecordCreation"] = request_schema({{"fields", fields}, {"reason", text}}, {"fields"});
    schemas["RecordChange"] = request_schema(change, {"base", "fields"});
    schemas["RecordAction"] = request_schema(change, {"base"});
    schemas["RecordWord"] = request_schema({{"base", base}, {"reason", text}}, {"base", "reason"});
    schemas["RecordApproval"] = request_schema({{"base", base}, {"reason", text}}, {"base"});
    const json::object cells{{"type", "object"}, {"additionalProperties", text}};
    schemas["RowCorrection"] = request_schema({{"cells", cells}}, {"cells"});
    const json::object changes{{"type", "array"},
                               {"minItems", 1},
                               {"maxItems", 1000},
                               {"items", {{"type", "object"}, {"required", {"kind"}}}}};
    schemas["RecordBulk"] = request_schema({{"changes", changes}}, {"changes"});
}

json::object problem_schema() {
    return json::parse(R"({"type": "object", "required": ["type", "title", "status", "problems"],
        "properties": {"type": {"type": "string"}, "title": {"type": "string"},
        "status": {"type": "integer"}, "problems": {"type": "array", "items": {"type": "object",
        "required": ["code", "text"], "properties": {"code": {"type": "string"},
        "text": {"type": "string"}, "remedy": {"type": "string"}, "place": {"type": "object"}}}}}})")
        .as_object();
}

json::object make_schemas() {
    json::object schemas;
    const auto shapes = json::parse(kShapes);
    for (const auto& shape : shapes.as_object()) {
        json::object properties;
        for (const auto& property : shape.value().as_object()) {
            properties[property.key()] = schema_of(property.value());
        }
        schemas[shape.key()] = object_schema(properties);
    }
    for (const auto* item : {"Objective", "Programme", "Institution", "Figure", "Register", "Found",
                             "Finding", "Batch", "QuarantinedRow"}) {
        schemas[std::string(item) + "List"] = list_schema(item);
    }
    add_request_schemas(schemas);
    schemas["OpenApi"] = {{"type", "object"}};
    schemas["Problem"] = problem_schema();
    return schemas;
}

}  // namespace

const json::object& schemas() {
    static const json::object kSchemas = make_schemas();
    return kSchemas;
}

}  // namespace amate::server::api
