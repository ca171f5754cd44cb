// SPDX-License-Identifier: Apache-2.0
// Files sent for a field of a record: held against what the field takes.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "definitions/model.hpp"
#include "store/attachments.hpp"
#include "store/record_store.hpp"

namespace amate::registry {

// A field of type file: of the record, or ("documents.copy") of the rows of a table.
struct FileField {
    std::string name;
    std::string stored_as;  // the name it had first: whatever it is called, its files are found
    std::size_t column = 0;
    std::optional<std::size_t> inner;  // of a table: which of its fields
    const definitions::Column* declared = nullptr;
};
[[nodiscard]] std::optional<FileField> find_file_field(const definitions::Register& register_,
                                                       std::string_view name);
// The digests a record states in that field: of a table, a row each, "" where a row has none.
[[nodiscard]] std::vector<std::string> stated_digests(const store::StoredRecord& record,
                                                      const FileField& field);

// A file as it came. `path` can be read as long as `owner` is there.
struct SentFile {
    std::filesystem::path path;
    std::shared_ptr<const void> owner;
    std::string media_type;  // as it was called: lower case, without parameters
    std::string name;        // as whoever sent it calls it; may be ""
};

// Facts of the file if the field takes it: size and media type are those the field allows, and the
// first bytes are of that type where they tell (PDF, JPEG, PNG, GIF, TIFF, WebP). Reads the file
// twice; constant memory. Problems: registry.file_empty, registry.file_too_large,
// registry.file_type_refused, registry.file_not_its_type, registry.file_name_refused. Throws
// IoFailure.
[[nodiscard]] Result<store::AttachmentFacts> examine(const definitions::Column& column,
                                                     const SentFile& file);

// A file that goes with a request to the desk.
struct KeptFile {
    FileField field;
    store::AttachmentFacts facts;
    SentFile sent;
};

// Which of a record's files is wanted.
struct WantedFile {
    FileField field;
    std::optional<std::int64_t> revision;  // nothing: the newest
    std::size_t row = 1;                   // of a table
};
// Where its content is: store::read_attachment().
struct FoundFile {
    std::string record_id;
    std::int64_t revision = 0;
    store::Attachment attachment;
};

}  // namespace amate::registry
