// SPDX-License-Identifier: Apache-2.0
// For tests only: holds a JSON value to a schema of the OpenAPI document.
#pragma once

#include <string>

#include <boost/json.hpp>

namespace amate::server {

// The part of JSON Schema that the document uses. "" if `value` fits.
inline std::string misfit(const boost::json::value& value, const boost::json::value& schema_value,
                          const boost::json::object& schemas, const std::string& at);

inline std::string misfit_type(const boost::json::value& value, const std::string& type) {
    const bool fits =
        (type == "string" && value.is_string()) || (type == "integer" && value.is_int64()) ||
        (type == "boolean" && value.is_bool()) || (type == "array" && value.is_array()) ||
        (type == "object" && value.is_object()) || (type == "null" && value.is_null());
    return fits ? "" : "is no " + type;
}

inline std::string misfit_object(const boost::json::object& value,
                                 const boost::json::object& schema,
                                 const boost::json::object& schemas, const std::string& at) {
    if (const auto* required = schema.if_contains("required")) {
        for (const auto& name : required->as_array()) {
            if (!value.contains(name.as_string()))
                return at + " lacks " + std::string(name.as_string());
        }
    }
    const auto* properties = schema.if_contains("properties");
    const auto* others = schema.if_contains("additionalProperties");
    for (const auto& [name, item] : value) {
        const auto where = at + "." + std::string(name);
        const boost::json::value* inner =
            properties == nullptr ? nullptr : properties->as_object().if_contains(name);
        if (inner == nullptr && others != nullptr) {
            if (others->is_bool()) return others->as_bool() ? "" : where + " is not described";
            inner = others;
        }
        if (inner == nullptr) continue;
        if (auto fault = misfit(item, *inner, schemas, where); !fault.empty()) return fault;
    }
    return "";
}

inline std::string misfit(const boost::json::value& value, const boost::json::value& schema_value,
                          const boost::json::object& schemas, const std::string& at) {
    const auto& schema = schema_value.as_object();
    if (const auto* reference = schema.if_contains("$ref")) {
        const auto name = std::string(reference->as_string()).substr(21);
        return misfit(value, schemas.at(name), schemas, at);
    }
    if (const auto* choices = schema.if_contains("oneOf")) {
        std::string last;
        for (const auto& choice : choices->as_array()) {
            last = misfit(value, choice, schemas, at);
            if (last.empty()) return "";
        }
        return last;
    }
    const auto& type = schema.at("type");
    std::string fault;
    if (type.is_array()) {
        for (const auto& one : type.as_array()) {
            fault = misfit_type(value, std::string(one.as_string()));
            if (fault.empty()) break;
        }
    } else {
        fault = misfit_type(value, std::string(type.as_string()));
    }
    if (!fault.empty()) return at + " " + fault;
    if (value.is_array()) {
        for (const auto& item : value.as_array()) {
            fault = misfit(item, schema.at("items"), schemas, at + "[]");
            if (!fault.empty()) return fault;
        }
    }
    return value.is_object() ? misfit_object(value.as_object(), schema, schemas, at) : "";
}

}  // namespace amate::server
