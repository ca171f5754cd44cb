// SPDX-License-Identifier: Apache-2.0
// The engine that XPath is tried on, and tests that it is one: else agreement with it says nothing.
#include "definitions/expression_xpath_engine.hpp"

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/pattern.hpp"

namespace amate::definitions::internal {

struct XPathEngine::Parts {
    explicit Parts(const CaseWorld& of) : world(of) {}
    const CaseWorld& world;
    xmlDocPtr choices = nullptr;
    xmlDocPtr form = nullptr;
    std::map<std::string, std::optional<Pattern>> patterns;
    std::string error;
};

namespace {

using Context = xmlXPathParserContextPtr;

const xmlChar* xml(const std::string& text) {
    return reinterpret_cast<const xmlChar*>(text.c_str());
}

std::string taken(xmlChar* text) {
    std::string copy = text == nullptr ? "" : reinterpret_cast<const char*>(text);
    xmlFree(text);
    return copy;
}

std::string pop_text(Context context) {
    return taken(xmlXPathPopString(context));
}

void push(Context context, const std::string& text) {
    valuePush(context, xmlXPathNewString(xml(text)));
}
void push(Context context, double number) {
    valuePush(context, xmlXPathNewFloat(number));
}
void push(Context context, bool truth) {
    valuePush(context, xmlXPathNewBoolean(truth ? 1 : 0));
}

XPathEngine::Parts& parts_of(Context context);

std::optional<DateTime> moment_of(const std::string& text) {
    if (const auto day = Date::parse(text)) return DateTime{*day, 0};
    return DateTime::parse(text.substr(0, 19));
}

void if_function(Context context, int) {
    auto* otherwise = valuePop(context);
    auto* then = valuePop(context);
    const bool holds = xmlXPathPopBoolean(context) != 0;
    valuePush(context, holds ? then : otherwise);
    xmlXPathFreeObject(holds ? otherwise : then);
}

void selected(Context context, int) {
    const auto code = pop_text(context);
    push(context, (' ' + pop_text(context) + ' ').find(' ' + code + ' ') != std::string::npos);
}

void count_selected(Context context, int) {
    const auto codes = pop_text(context);
    const auto spaces = std::count(codes.begin(), codes.end(), ' ');
    push(context, codes.empty() ? 0.0 : static_cast<double>(spaces) + 1);
}

void regex(Context context, int) {
    const auto form = pop_text(context);
    auto& pattern = parts_of(context).patterns[form];
    if (!pattern) pattern = Pattern::compile(form);
    push(context, pattern && pattern->matches(pop_text(context)).value_or(false));
}

void int_function(Context context, int) {
    push(context, std::trunc(xmlXPathPopNumber(context)));
}
void abs_function(Context context, int) {
    push(context, std::abs(xmlXPathPopNumber(context)));
}
void pow_function(Context context, int) {
    const auto power = xmlXPathPopNumber(context);
    push(context, std::pow(xmlXPathPopNumber(context), power));
}

// Places are counted from 0; the end is not included.
void substr(Context context, int) {
    const auto end = xmlXPathPopNumber(context);
    const auto first = xmlXPathPopNumber(context);
    const auto text = pop_text(context);
    if (!(first >= 0) || !(end >= first)) return push(context, std::string());
    const auto from = std::min(text.size(), static_cast<std::size_t>(first));
    push(context, text.substr(from, static_cast<std::size_t>(end) - from));
}

void min_or_max(Context context, bool least) {
    auto* object = valuePop(context);
    double result = std::numeric_limits<double>::quiet_NaN();
    const auto* nodes = object->nodesetval;
    for (int i = 0; nodes != nullptr && i < nodes->nodeNr; ++i) {
        const auto number = xmlXPathCastNodeToNumber(nodes->nodeTab[i]);
        if (i == 0 || (least ? number < result : number > result)) result = number;
    }
    xmlXPathFreeObject(object);
    push(context, result);
}
void min_function(Context context, int) {
    min_or_max(context, true);
}
void max_function(Context context, int) {
    min_or_max(context, false);
}

// A number is taken as days since 1970.
void date(Context context, int) {
    const auto days = xmlXPathPopNumber(context);
    const bool there = days >= -719162 && days <= 2932896;
    push(context, there ? Date::from_days(static_cast<std::int32_t>(days)).iso() : std::string());
}

void format_date(Context context, int) {
    const auto form = pop_text(context);
    const auto moment = moment_of(pop_text(context));
    std::string text;
    for (std::size_t at = 0; moment && at < form.size(); ++at) {
        if (form[at] != '%') {
            text += form[at];
            continue;
        }
        const auto second = moment->second_of_day;
        switch (form[++at]) {
            case 'Y':
                text += fmt::format("{:04}", moment->date.year());
                break;
            case 'm':
                text += fmt::format("{:02}", moment->date.month());
                break;
            case 'd':
                text += fmt::format("{:02}", moment->date.day());
                break;
            case 'H':
                text += fmt::format("{:02}", second / 3600);
                break;
            case 'M':
                text += fmt::format("{:02}", second / 60 % 60);
                break;
            default:
                text += fmt::format("{:02}", second % 60);
        }
    }
    push(context, text);
}

// Days since 1970 at UTC, of a local moment.
void decimal_date_time(Context context, int) {
    const auto moment = moment_of(pop_text(context));
    if (!moment) return push(context, std::numeric_limits<double>::quiet_NaN());
    push(context, moment->date.days_since_1970() + (moment->second_of_day + 6 * 3600) / 86400.0);
}

void now(Context context, int) {
    push(context, parts_of(context).world.context.now.iso() + ".000-06:00");
}
void today(Context context, int) {
    push(context, parts_of(context).world.context.now.date.iso());
}

void instance(Context context, int) {
    const auto name = pop_text(context);
    auto* found = xmlXPathNewNodeSet(nullptr);
    auto* all = xmlDocGetRootElement(parts_of(context).form)->last;  // the choices
    for (auto* list = all->children; list != nullptr; list = list->next) {
        if (taken(xmlGetProp(list, xml("id"))) == name) {
            xmlXPathNodeSetAdd(found->nodesetval, list);
        }
    }
    valuePush(context, found);
}

XPathEngine::Parts& parts_of(Context context) {
    return *static_cast<XPathEngine::Parts*>(context->context->userData);
}

constexpr std::pair<const char*, xmlXPathFunction> kFunctions[] = {
    {"if", if_function},
    {"selected", selected},
    {"count-selected", count_selected},
    {"regex", regex},
    {"int", int_function},
    {"abs", abs_function},
    {"pow", pow_function},
    {"substr", substr},
    {"min", min_function},
    {"max", max_function},
    {"date", date},
    {"format-date", format_date},
    {"format-date-time", format_date},
    {"decimal-date-time", decimal_date_time},
    {"now", now},
    {"today", today},
    {"instance", instance}};

void add(xmlNodePtr parent, const std::string& name, const std::string& text) {
    xmlNewTextChild(parent, nullptr, xml(name), xml(text));
}

// As a form would hold it: codes parted by spaces, moments with their zone, nothing where missing.
std::string in_form(const Value& value) {
    if (is_missing(value)) return "";
    if (const auto* codes = std::get_if<Codes>(&value)) {
        return fmt::format("{}", fmt::join(*codes, " "));
    }
    if (const auto* moment = std::get_if<DateTime>(&value)) return moment->iso() + ".000-06:00";
    return canonical(value);
}

void say_nothing(void*, const char*, ...) {}

void keep_error(void* parts, xmlErrorPtr error) {
    static_cast<XPathEngine::Parts*>(parts)->error =
        error->message == nullptr ? "error" : error->message;
}

}  // namespace

XPathEngine::XPathEngine(const CaseWorld& world) : parts_(std::make_unique<Parts>(world)) {
    xmlSetGenericErrorFunc(nullptr, say_nothing);  // faults are told by the answer
    parts_->choices = xmlNewDoc(xml("1.0"));
    auto* model = xmlNewDocNode(parts_->choices, nullptr, xml("model"), nullptr);
    xmlDocSetRootElement(parts_->choices, model);
    for (const auto& variable : world.environment.variables) {
        if (variable.codelist == nullptr || variable.name == "other_sex") continue;
        auto* list = xmlNewChild(model, nullptr, xml("instance"), nullptr);
        xmlNewProp(list, xml("id"), xml(variable.codelist->name));
        auto* root = xmlNewChild(list, nullptr, xml("root"), nullptr);
        for (const auto& code : variable.codelist->codes) {
            auto* item = xmlNewChild(root, nullptr, xml("item"), nullptr);
            add(item, "name", code.code);
            add(item, "parent", code.parent);
            add(item, "valid_from", code.valid_from ? code.valid_from->iso() : "");
            add(item, "valid_to", code.valid_to ? code.valid_to->iso() : "");
        }
    }
}

XPathEngine::~XPathEngine() {
    xmlFreeDoc(parts_->choices);
    xmlFreeDoc(parts_->form);
}

std::string XPathEngine::path_of(std::size_t slot) const {
    return "/data/" + parts_->world.environment.variables[slot].name;
}

void XPathEngine::fill(const std::vector<Value>& record) {
    xmlFreeDoc(parts_->form);
    parts_->form = xmlNewDoc(xml("1.0"));
    auto* data = xmlNewDocNode(parts_->form, nullptr, xml("data"), nullptr);
    xmlDocSetRootElement(parts_->form, data);
    for (std::size_t slot = 0; slot < record.size(); ++slot) {
        const auto& variable = parts_->world.environment.variables[slot];
        if (variable.type != Type::table) {
            add(data, variable.name, in_form(record[slot]));
            continue;
        }
        const auto* rows = std::get_if<Rows>(&record[slot]);
        if (rows == nullptr) continue;
        for (const auto& row : rows->data().rows) {
            auto* node = xmlNewChild(data, nullptr, xml(variable.name), nullptr);
            for (std::size_t i = 0; i < row.size(); ++i) {
                add(node, variable.fields[i].name, in_form(row[i]));
            }
        }
    }
    // In one document with the record, so that its paths are understood within choices.
    xmlAddChild(data, xmlDocCopyNode(xmlDocGetRootElement(parts_->choices), parts_->form, 1));
}

XPathAnswer XPathEngine::ask(const std::string& xpath) {
    const std::unique_ptr<xmlXPathContext, void (*)(xmlXPathContextPtr)> context(
        xmlXPathNewContext(parts_->form), xmlXPathFreeContext);
    context->userData = parts_.get();
    context->error = keep_error;
    for (const auto& [name, function] : kFunctions) {
        xmlXPathRegisterFunc(context.get(), xml(name), function);
    }
    const std::unique_ptr<xmlXPathObject, void (*)(xmlXPathObjectPtr)> found(
        xmlXPathEvalExpression(xml(xpath), context.get()), xmlXPathFreeObject);
    if (found == nullptr) return XPathFault{parts_->error};
    switch (found->type) {
        case XPATH_BOOLEAN:
            return found->boolval != 0;
        case XPATH_NUMBER:
            return found->floatval;
        default:
            return taken(xmlXPathCastToString(found.get()));
    }
}

namespace {

TEST(XPathEngine, KnowsWhatOdkSpecifies) {
    const CaseWorld world;
    XPathEngine engine(world);
    engine.fill(
        world.record("services=food|health;time=2018-03-09;seen_at=2018-03-09T23:10:00;"
                     "companions=female,9,2.5,+male,30,,"));
    const auto text = [&](const std::string& xpath) {
        const auto answer = engine.ask(xpath);
        const auto* fault = std::get_if<XPathFault>(&answer);
        EXPECT_EQ(fault, nullptr) << xpath << ": " << (fault == nullptr ? "" : fault->message);
        if (const auto* number = std::get_if<double>(&answer)) return fmt::format("{}", *number);
        if (const auto* truth = std::get_if<bool>(&answer)) return fmt::format("{}", *truth);
        const auto* found = std::get_if<std::string>(&answer);
        return found == nullptr ? "" : *found;
    };
    EXPECT_EQ(text("selected(/data/services, 'food')"), "true");
    EXPECT_EQ(text("selected(/data/services, 'foo')"), "false");
    EXPECT_EQ(text("count-selected(/data/services)"), "2");
    EXPECT_EQ(text("if(/data/sex = '', 'none', 'some')"), "none");
    EXPECT_EQ(text("format-date(/data/time, '%Y%m%d')"), "20180309");
    EXPECT_EQ(text("format-date-time(/data/seen_at, '%H:%M:%S')"), "23:10:00");
    EXPECT_EQ(text("format-date(date(17599), '%Y-%m-%d')"), "2018-03-09");
    EXPECT_EQ(text("decimal-date-time('2018-03-09')"), "17599.25");
    EXPECT_EQ(text("substr('abcd', 1, 3)"), "bc");
    EXPECT_EQ(text("int(0 - 2.5)"), "-2");
    EXPECT_EQ(text("regex('AB12', '[A-Z]{2}')"), "false");
    EXPECT_EQ(text("max(/data/companions/age)"), "30");
    EXPECT_EQ(text("count(/data/companions[./age < 18])"), "1");
    EXPECT_EQ(text("string(instance('points')/root/item[name = 'long_pier']/parent)"), "north");
    EXPECT_TRUE(std::holds_alternative<XPathFault>(engine.ask("floor-of-nothing(1)")));
}

}  // namespace
}  // namespace amate::definitions::internal
