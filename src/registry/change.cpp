// SPDX-License-Identifier: Apache-2.0
// Reads and writes changes; which members a kind knows stands in one table.
#include "registry/change.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/dates.hpp"
#include "core/text.hpp"

namespace amate::registry {
namespace {

namespace json = boost::json;

constexpr std::size_t kReasonBytesMax = 4'000;

// Members beside "base", which all but create need.
struct Members {
    ChangeKind kind;
    const char* name;
    bool fields, fields_needed, reason_needed, effective;
};
constexpr std::array<Members, 8> kMembers = {{
    {ChangeKind::create, "create", true, true, false, false},
    {ChangeKind::amend, "amend", true, true, false, true},
    {ChangeKind::correct, "correct", true, true, false, true},
    {ChangeKind::act, "act", true, false, false, true},
    {ChangeKind::withdraw, "withdraw", false, false, true, false},
    {ChangeKind::reinstate, "reinstate", false, false, true, false},
    {ChangeKind::approve, "approve", false, false, false, false},
    {ChangeKind::reject, "reject", false, false, true, false},
}};

const Members& members_of(ChangeKind kind) {
    return *std::find_if(kMembers.begin(), kMembers.end(),
                         [&](const Members& each) { return each.kind == kind; });
}

class ChangeReader {
public:
    ChangeReader(const definitions::Register& register_, ChangeKind kind, const json::object& body)
        : declared_(register_), known_(members_of(kind)), body_(body) {
        change_.kind = kind;
    }

    Result<Change> read() {
        refuse_unknown();
        if (change_.kind != ChangeKind::create) read_base();
        read_fields();
        read_reason();
        read_moment();
        if (!problems_.empty()) return fail(std::move(problems_));
        return std::move(change_);
    }

private:
    void add(const char* member, const char* expected_en, const char* expected_es) {
        problems_.push_back({"registry.bad_member",
                             {{}, 0, 0, member},
                             {{"expected_en", expected_en}, {"expected_es", expected_es}}});
    }

    void refuse_unknown() {
        std::vector<std::string> known{"reason"};
        if (change_.kind != ChangeKind::create) known.emplace_back("base");
        if (known_.fields) known.emplace_back("fields");
        if (known_.effective) known.emplace_back("effective_at");
        for (const auto& member : body_) {
            const std::string name(member.key());
            if (std::find(known.begin(), known.end(), name) != known.end()) continue;
            std::string list;
            for (const auto& each : known) list += (list.empty() ? "" : ", ") + each;
            problems_.push_back(
                {"registry.unknown_member", {{}, 0, 0, name}, {{"expected", list}}});
        }
    }

    void read_base() {
        const auto* base = body_.if_contains("base");
        if (base == nullptr || !base->is_int64() || base->get_int64() < 1) {
            add("base", "the revision you saw, a whole number from 1 on",
                "la revisión que usted vio, un entero desde 1");
            return;
        }
        change_.base = base->get_int64();
    }

    void read_fields() {
        const auto* fields = known_.fields ? body_.if_contains("fields") : nullptr;
        if (fields == nullptr) {
            if (known_.fields_needed) add("fields", "an object of fields", "un objeto de campos");
            return;
        }
        if (!fields->is_object()) {
            add("fields", "an object of fields", "un objeto de campos");
            return;
        }
        auto read = definitions::read_fields(declared_, fields->get_object());
        if (read) {
            change_.values = std::move(*read);
            return;
        }
        for (auto& problem : read.error()) problems_.push_back(std::move(problem));
    }

    void read_reason() {
        const auto* reason = body_.if_contains("reason");
        const bool text = reason != nullptr && reason->is_string() &&
                          reason->get_string().size() <= kReasonBytesMax;
        if (text) change_.reason = std::string(trim(reason->get_string()));
        const bool missing = change_.reason.empty() && (reason != nullptr || known_.reason_needed);
        if (missing) {
            add("reason", "a text of at most 4000 bytes that says why",
                "un texto de hasta 4000 bytes que diga por qué");
        }
    }

    void read_moment() {
        const auto* moment = known_.effective ? body_.if_contains("effective_at") : nullptr;
        if (moment == nullptr) return;
        const auto text = moment->is_string() ? std::string(moment->get_string()) : std::string();
        auto parsed = DateTime::parse(text);
        if (const auto day = Date::parse(text)) parsed = DateTime{*day, 0};
        if (!parsed) {
            add("effective_at", "a date YYYY-MM-DD or a moment YYYY-MM-DDTHH:MM",
                "una fecha AAAA-MM-DD o un momento AAAA-MM-DDTHH:MM");
            return;
        }
        change_.effective_at = parsed->iso();
    }

    const definitions::Register& declared_;
    const Members& known_;
    const json::object& body_;
    Change change_;
    Problems problems_;
};

}  // namespace

std::string_view name_of(ChangeKind kind) {
    return members_of(kind).name;
}

Result<Change> parse_change(const definitions::Register& register_, ChangeKind kind,
                            const json::object& body) {
    return ChangeReader(register_, kind, body).read();
}

}  // namespace amate::registry
