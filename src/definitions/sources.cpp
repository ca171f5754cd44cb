// SPDX-License-Identifier: Apache-2.0
// Reads sources/*.yaml: how an institution's file maps onto a register.
#include <algorithm>
#include <set>

#include "definitions/date_format.hpp"
#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

bool is_day(Type type) {
    return type == Type::date || type == Type::datetime || type == Type::partial_date;
}

class SourceReader {
public:
    SourceReader(Loading& loading, const Cursor& root, const std::string& stem)
        : loading_(loading), root_(root), stem_(stem) {}

    void read() {
        if (!root_.expect_keys({"source", "title", "register", "institution", "programme", "file",
                                "columns", "ignore", "constants", "cannot_give"})) {
            return;
        }
        read_head();
        read_file(root_.get("file"));
        if (register_ == nullptr) return;  // reported as an unknown reference
        for (const auto& entry : root_.get("columns").entries()) read_column_entry(entry);
        read_ignored(root_.find("ignore"));
        read_constants(root_.find("constants"));
        for (const auto& [key, value] : root_.find("cannot_give").entries()) {
            if (const auto column = read_column(loading_, key, *register_)) claim(key, *column);
            source_.cannot_give.emplace_back(key.raw_text(), value.label());
        }
        check_required();
        loading_.pack.sources.push_back(std::move(source_));
    }

private:
    void read_head() {
        source_.name = root_.get("source").name();
        expect_file_name(root_.find("source"), stem_);
        // A register's own name stands for the plain file of all its fields.
        if (loading_.references.declared(Thing::register_, "", source_.name)) {
            root_.find("source").fault(
                "definitions.name_taken",
                {{"value", source_.name}, {"by_en", "a register"}, {"by_es", "un registro"}});
        }
        source_.title = root_.get("title").label();
        source_.register_name = root_.get("register").text();
        loading_.need(Thing::register_, "", root_.find("register"));
        register_ = loading_.pack.find_register(source_.register_name);
        loading_.names_incomplete = loading_.incomplete_registers.contains(source_.register_name);
        source_.institution = root_.get("institution").text();
        loading_.need(Thing::institution, "", root_.find("institution"));
        if (const auto programme = root_.find("programme"); programme.present()) {
            source_.programme = programme.text();
            loading_.need(Thing::programme, "", programme);
        }
    }

    void read_file(const Cursor& file) {
        if (!file.expect_keys({"encoding", "delimiter", "empty", "sheet"})) return;
        const auto encoding = file.get("encoding").choice({"utf-8", "windows-1252"});
        source_.encoding = encoding == "windows-1252" ? Encoding::windows_1252 : Encoding::utf8;
        const auto delimiter = file.get("delimiter").raw_text();
        if (delimiter.size() == 1 && delimiter != "\"" && delimiter != "\n" && delimiter != "\r") {
            source_.delimiter = delimiter[0];
        } else if (file.find("delimiter").is(NodeKind::scalar)) {
            file.find("delimiter")
                .bad_value(
                    {"one character other than a quote", "un carácter distinto de las comillas"});
        }
        if (file.find("sheet").present()) source_.sheet = file.find("sheet").text();
        for (const auto& item : file.find("empty").items()) {
            source_.empty_values.push_back(item.raw_text());
        }
        if (!file.find("empty").present()) source_.empty_values.emplace_back();
    }

    // Each field is given, or said not to be given, once.
    void claim(const Cursor& at, std::size_t column) {
        if (claimed_.insert(column).second) return;
        at.fault("definitions.mapped_twice", {{"value", register_->columns[column].name}});
    }

    void claim_header(const Cursor& at, const std::string& header) {
        if (headers_.insert(header).second) return;
        at.fault("definitions.repeated", {{"value", shown(header)}});
    }

    void read_column_entry(const Cursor::Entry& entry) {
        const auto& [key, value] = entry;
        SourceColumn mapped;
        mapped.header = key.text();
        claim_header(key, mapped.header);
        const bool sound = value.expect_keys({"field", "format", "separator", "map", "gives"});
        const auto index = read_column(loading_, value.get("field"), *register_);
        columns_incomplete_ = columns_incomplete_ || !sound || !index;
        if (!sound || !index) return;
        claim(value.find("field"), *index);
        mapped.column = *index;
        const auto& column = register_->columns[*index];
        if (!column.calculation.empty()) {
            value.find("field").fault("definitions.calculated_is_mapped", {{"value", column.name}});
        }
        read_format(value.find("format"), column, mapped);
        read_separator(value.find("separator"), column, mapped);
        read_map(value.find("map"), column, mapped);
        read_gives(value.find("gives"), column, mapped);
        source_.columns.push_back(std::move(mapped));
    }

    static void read_format(const Cursor& format, const Column& column, SourceColumn& mapped) {
        if (!format.present()) return;
        mapped.format = format.text();
        if (!is_day(column.type)) {
            format.fault("definitions.not_for_type",
                         {{"value", "format"}, {"type", std::string(name_of(column.type))}});
        } else if (!DateFormat::parse(mapped.format)) {
            format.bad_value({"a date format such as dd/mm/yyyy HH:MM",
                              "un formato de fecha como dd/mm/yyyy HH:MM"});
        }
    }

    static void read_separator(const Cursor& separator, const Column& column,
                               SourceColumn& mapped) {
        if (!separator.present()) return;
        mapped.separator = separator.raw_text();
        if (column.type != Type::codes) {
            separator.fault("definitions.not_for_type",
                            {{"value", "separator"}, {"type", std::string(name_of(column.type))}});
        } else if (mapped.separator.empty()) {
            separator.bad_value({"a separator", "un separador"});
        }
    }

    static void read_map(const Cursor& map, const Column& column, SourceColumn& mapped) {
        if (map.present() && (column.type == Type::narrative)) {
            map.fault("definitions.not_for_type", {{"value", "map"}, {"type", "narrative"}});
        }
        for (const auto& [key, value] : map.entries()) {
            // The codec reads missing names in every map, free text included.
            if (!is_missing_name(value.raw_text())) static_cast<void>(read_value(value, column));
            mapped.map.emplace(key.raw_text(), value.raw_text());
        }
    }

    // Fields of the same person that the identifier in this column tells.
    void read_gives(const Cursor& gives, const Column& column, SourceColumn& mapped) {
        if (!gives.present()) return;
        if (column.identifier == nullptr) {
            gives.bad_value({"for a field with an identifier", "para un campo con identificador"});
            return;
        }
        const auto person = column.name.substr(0, column.name.rfind('.') + 1);
        for (const auto& item : gives.items()) {
            const auto given = read_column(loading_, item, *register_);
            if (!given) continue;
            const auto& attributes = loading_.pack.person_attributes;
            const auto& name = register_->columns[*given].name;
            std::size_t attribute = 0;
            while (attribute < attributes.size() && person + attributes[attribute].name != name) {
                ++attribute;
            }
            if (attribute == attributes.size() || !column.identifier->tells(attribute)) {
                item.bad_value({"what the identifier tells", "lo que dice el identificador"});
                continue;
            }
            claim(item, *given);
            given_.insert(*given);
            mapped.gives.emplace_back(*given, attribute);
        }
    }

    void read_ignored(const Cursor& list) {
        for (const auto& item : list.items()) {
            auto header = item.text();
            claim_header(item, header);
            source_.ignored_headers.push_back(std::move(header));
        }
    }

    void read_constants(const Cursor& map) {
        for (const auto& [key, value] : map.entries()) {
            const auto index = read_column(loading_, key, *register_);
            if (!index) continue;
            claim(key, *index);
            source_.constants.emplace_back(*index, read_value(value, register_->columns[*index]));
        }
    }

    // Without it every row of the file would go to quarantine.
    void check_required() const {
        if (columns_incomplete_) return;  // a misspelt field may be the missing one
        auto given = given_;
        for (const auto& each : source_.columns) given.insert(each.column);
        for (const auto& each : source_.constants) given.insert(each.first);
        for (std::size_t i = 0; i < register_->columns.size(); ++i) {
            const auto& column = register_->columns[i];
            const bool filled = !column.calculation.empty() || column.default_value.has_value();
            if (!column.required || filled || !column.relevant.empty() || given.contains(i)) {
                continue;
            }
            root_.find("columns").fault("definitions.required_not_mapped",
                                        {{"value", column.name}});
        }
    }

    Loading& loading_;
    const Cursor& root_;
    const std::string& stem_;
    Source source_;
    const Register* register_ = nullptr;
    std::set<std::size_t> claimed_;
    std::set<std::size_t> given_;  // by identifiers
    std::set<std::string> headers_;
    bool columns_incomplete_ = false;
};

// Every register can be taken in without a file of its own: UTF-8, commas, a column a field.
void add_plain_source(Pack& pack, const Register& register_) {
    if (pack.find_source(register_.name) != nullptr) return;
    Source source;
    source.name = register_.name;
    source.register_name = register_.name;
    source.institution = register_.institution;
    source.title = register_.title;
    for (std::size_t i = 0; i < register_.columns.size(); ++i) {
        const auto& column = register_.columns[i];
        if (!column.calculation.empty()) continue;
        SourceColumn plain;
        plain.header = column.name;
        plain.column = i;
        plain.optional = !column.required;
        source.columns.push_back(std::move(plain));
    }
    pack.sources.push_back(std::move(source));
}

}  // namespace

void read_sources(Loading& loading) {
    for (const auto& name : loading.names_in("sources", ".yaml")) {
        const auto file = "sources/" + name + ".yaml";
        loading.references.declare(Thing::source, "", name, {file, 0, 0, {}}, loading.faults);
        with_yaml(loading, file,
                  [&](const Cursor& root) { SourceReader(loading, root, name).read(); });
    }
    for (const auto& register_ : loading.pack.registers) {
        add_plain_source(loading.pack, *register_);
    }
}

void read_synthesis(Loading& loading) {
    for (const auto& name : loading.names_in("synthesis", ".yaml")) {
        with_yaml(loading, "synthesis/" + name + ".yaml", [&](const Cursor& root) {
            if (!root.is(NodeKind::map)) {
                static_cast<void>(root.expect_keys({}));
                return;
            }
            const auto source = root.get("source");
            expect_file_name(source, name);
            loading.need(Thing::source, "", source);
            loading.pack.synthesis.emplace(name, root.to_data());
        });
    }
}

}  // namespace amate::definitions::internal
