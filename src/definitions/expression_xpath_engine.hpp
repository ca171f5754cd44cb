// SPDX-License-Identifier: Apache-2.0
// Test support: an engine of XPath 1.0 with the functions of ODK XForms, over a form of a record.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "definitions/expression_cases.hpp"

namespace amate::definitions::internal {

// What an engine answers; a fault is its message.
struct XPathFault {
    std::string message;
};
using XPathAnswer = std::variant<bool, double, std::string, XPathFault>;

// Holds the world's code lists as the choices of a form. It stands on libxml2, with the functions
// that XPath 1.0 lacks written after the specification of ODK XForms. It pretends to be at UTC-06.
class XPathEngine {
public:
    explicit XPathEngine(const CaseWorld& world);
    ~XPathEngine();
    XPathEngine(const XPathEngine&) = delete;
    XPathEngine& operator=(const XPathEngine&) = delete;

    // Fills the form: "/data/NAME" for each variable, a node a row for a group.
    void fill(const std::vector<Value>& record);
    [[nodiscard]] XPathAnswer ask(const std::string& xpath);
    [[nodiscard]] std::string path_of(std::size_t slot) const;

    struct Parts;  // for the functions the engine calls

private:
    std::unique_ptr<Parts> parts_;
};

}  // namespace amate::definitions::internal
