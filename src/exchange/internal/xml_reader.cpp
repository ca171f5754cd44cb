// SPDX-License-Identifier: Apache-2.0
// libxml2's push parser over the bytes of a part, one buffer after the other.
#include "exchange/internal/xml_reader.hpp"

#include <libxml/parser.h>

#include <array>
#include <exception>
#include <utility>

namespace amate::exchange::internal {
namespace {

constexpr std::size_t kBufferBytes = 1U << 15U;

std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

}  // namespace

std::string_view XmlAttributes::get(std::string_view name) const {
    for (int i = 0; i < count_; ++i) {
        // local name, prefix, namespace, begin and end of the value
        const auto* const* field = fields_ + std::ptrdiff_t{5} * i;
        if (view(field[0]) != name) continue;
        return {reinterpret_cast<const char*>(field[3]),
                static_cast<std::size_t>(field[4] - field[3])};
    }
    return {};
}

struct XmlReader::State {
    ZipArchive& archive;
    XmlHandler& handler;
    std::string name, part;
    xmlParserCtxtPtr context = nullptr;
    bool has_doctype = false;
    bool done = false;
    std::exception_ptr thrown;  // libxml2 is C: nothing may fly through it
    std::array<char, kBufferBytes> buffer{};

    State(ZipArchive& archive_, XmlHandler& handler_, std::string name_, std::string part_)
        : archive(archive_), handler(handler_), name(std::move(name_)), part(std::move(part_)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (context != nullptr) {
            xmlFreeDoc(context->myDoc);
            xmlFreeParserCtxt(context);
        }
    }
    [[nodiscard]] Problem problem(const char* code, int line) const {
        return {code, {name, 0, 0, {}}, {{"part", part}, {"line", std::to_string(line)}}};
    }
    template <class Told>
    static void tell(void* self, Told told) {
        auto& state = *static_cast<State*>(self);
        if (state.done) return;
        try {
            told(state.handler);
            if (!state.handler.enough()) return;
        } catch (...) {
            state.thrown = std::current_exception();
        }
        state.done = true;
        xmlStopParser(state.context);
    }
    static void on_text(void* self, const xmlChar* text, int size) {
        tell(self, [&](XmlHandler& handler) {
            handler.text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
        });
    }
    static void on_doctype(void* self, const xmlChar* /*name*/, const xmlChar* /*external*/,
                           const xmlChar* /*system*/) {
        auto& state = *static_cast<State*>(self);
        state.has_doctype = true;
        xmlStopParser(state.context);
    }
    static void on_error(void* /*self*/, xmlErrorPtr /*error*/) {}
    [[nodiscard]] static xmlSAXHandler handlers();
};

xmlSAXHandler XmlReader::State::handlers() {
    xmlSAXHandler made{};
    made.initialized = XML_SAX2_MAGIC;
    made.internalSubset = on_doctype;
    made.startElementNs = [](void* self, const xmlChar* name, const xmlChar* /*prefix*/,
                             const xmlChar* /*uri*/, int /*namespaces*/, const xmlChar** /*which*/,
                             int count, int /*defaulted*/, const xmlChar** fields) {
        tell(self,
             [&](XmlHandler& handler) { handler.start(view(name), XmlAttributes(count, fields)); });
    };
    made.endElementNs = [](void* self, const xmlChar* name, const xmlChar* /*prefix*/,
                           const xmlChar* /*uri*/) {
        tell(self, [&](XmlHandler& handler) { handler.end(view(name)); });
    };
    made.characters = on_text;
    made.ignorableWhitespace = on_text;
    made.cdataBlock = on_text;
    made.serror = on_error;
    return made;
}

XmlReader::XmlReader(ZipArchive& archive, XmlHandler& handler, std::string name, std::string part)
    : state_(std::make_unique<State>(archive, handler, std::move(name), std::move(part))) {
    auto handlers = State::handlers();
    state_->context = xmlCreatePushParserCtxt(&handlers, state_.get(), nullptr, 0, nullptr);
    AMATE_CHECK(state_->context != nullptr);
    // NOENT: otherwise attributes show "&amp;" as "&#38;". There are no other entities here.
    xmlCtxtUseOptions(state_->context, XML_PARSE_NONET | XML_PARSE_NOENT);
}

XmlReader::~XmlReader() = default;

Result<bool> XmlReader::advance() {
    auto& state = *state_;
    if (state.done) return false;
    AMATE_TRY(const auto count, state.archive.read(state.buffer.data(), state.buffer.size()));
    const int status =
        xmlParseChunk(state.context, state.buffer.data(), static_cast<int>(count), count == 0);
    if (state.thrown) std::rethrow_exception(state.thrown);
    if (state.has_doctype) return fail(state.problem("exchange.xml_doctype", 0));
    if (state.done) return false;
    if (status != XML_ERR_OK && state.context->wellFormed == 0) {
        const auto* error = xmlCtxtGetLastError(state.context);
        return fail(state.problem("exchange.xml_malformed", error == nullptr ? 0 : error->line));
    }
    state.done = count == 0;
    return !state.done;
}

Result<void> read_part(ZipArchive& archive, const std::string& part, XmlHandler& handler,
                       const std::string& name) {
    AMATE_TRY_VOID(archive.open_part(part));
    XmlReader reader(archive, handler, name, part);
    for (;;) {
        AMATE_TRY(const bool more, reader.advance());
        if (!more) return {};
    }
}

}  // namespace amate::exchange::internal
