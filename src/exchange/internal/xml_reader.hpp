// SPDX-License-Identifier: Apache-2.0
// Streams the XML of one part of a ZIP archive; a document type, and so every entity, is refused.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "exchange/internal/zip_archive.hpp"

namespace amate::exchange::internal {

// The attributes of one element; valid during the call.
class XmlAttributes {
public:
    XmlAttributes(int count, const unsigned char** fields) : count_(count), fields_(fields) {}
    // The attribute of that local name, whatever its namespace; "" if there is none.
    [[nodiscard]] std::string_view get(std::string_view name) const;

private:
    int count_;
    const unsigned char** fields_;
};

// Hears of elements by their local names: the namespaces of strict and transitional files differ.
class XmlHandler {
public:
    virtual ~XmlHandler() = default;
    virtual void start(std::string_view name, const XmlAttributes& attributes) = 0;
    virtual void end(std::string_view name) = 0;
    virtual void text(std::string_view text) = 0;
    // True once reading on is pointless: no further event comes.
    [[nodiscard]] virtual bool enough() const { return false; }
};

// Memory is bounded by libxml2's own limits: 10 MB of one tag, 256 levels. Borrows both.
// Resource; one thread at a time.
class XmlReader {
public:
    // Reads the part that is open in `archive`; `name` stands for the file, `part` for the part.
    XmlReader(ZipArchive& archive, XmlHandler& handler, std::string name, std::string part);
    ~XmlReader();
    XmlReader(const XmlReader&) = delete;
    XmlReader& operator=(const XmlReader&) = delete;

    // Reads on by one buffer; false at the end of the part, or if the handler had enough.
    // Problems: exchange.xml_malformed, exchange.xml_doctype, those of ZipArchive::read.
    [[nodiscard]] Result<bool> advance();

private:
    struct State;
    std::unique_ptr<State> state_;
};

// Reads a whole part. Problems: those of ZipArchive::open_part and XmlReader::advance.
[[nodiscard]] Result<void> read_part(ZipArchive& archive, const std::string& part,
                                     XmlHandler& handler, const std::string& name);

}  // namespace amate::exchange::internal
