// The digests that name a folder's contents (spec/job.md section 3). Pure: whoever reads the
// folder adds what it finds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"

namespace plasm::receipt {

struct TreeDigests {
  Sha256Digest tree;                   // all files
  std::optional<Sha256Digest> layout;  // empty folders and links; there when there is one

  friend bool operator==(const TreeDigests&, const TreeDigests&) = default;
};

// The texts that they are the digests of. No line of a layout is empty, so an empty one is none.
struct TreeTexts {
  std::string tree;
  std::string layout;
};

// Paths are relative to the folder, with '/' between their parts. kInvalid for one that is
// absolute, not UTF-8, or has an empty part, a part "." or "..", NUL, a line feed, a carriage
// return or a backslash.

// And for "-", which sha256sum takes for its standard input.
Result<void> CheckTreeFilePath(std::string_view path);
// Of an empty folder or a link: and for one with " -> ", which would make two layouts look the
// same.
Result<void> CheckTreeLayoutPath(std::string_view path);
// Not empty, else free but for the characters above.
Result<void> CheckTreeLinkText(std::string_view text);

//   TreeDigestBuilder builder;
//   PLASM_TRY_VOID(builder.AddFile("data/a.txt", digest));
//   PLASM_TRY(TreeDigests digests, std::move(builder).Finish());
//
// Entries come in any order. kInvalid for what the checks above refuse.
class TreeDigestBuilder {
 public:
  Result<void> AddFile(std::string path, const Sha256Digest& contents);
  Result<void> AddEmptyFolder(std::string path);
  // `target` is the text of the link.
  Result<void> AddLink(std::string path, std::string_view target);

  // kInvalid when a path is there twice.
  Result<TreeDigests> Finish() &&;
  Result<TreeTexts> Texts() &&;

 private:
  struct Entry {
    std::string path;
    std::string line;
    bool in_layout;
  };
  std::vector<Entry> entries_;
};

}  // namespace plasm::receipt
