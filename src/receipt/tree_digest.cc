#include "receipt/tree_digest.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/quote.h"
#include "base/utf8.h"

namespace plasm::receipt {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kArrow = " -> ";

Error Refused(std::string_view what, std::string_view text, std::string_view reason) {
  return {ErrorCode::kInvalid, std::string(what) + " " + Quote(text) + ": " + std::string(reason)};
}

Result<void> CheckText(std::string_view what, std::string_view text) {
  if (text.empty()) return Refused(what, text, "found nothing, expected a name");
  if (!IsValidUtf8(AsBytes(text))) return Refused(what, text, "expected UTF-8");
  if (text.find_first_of("\0\n\r\\"sv) != std::string_view::npos) {
    return Refused(what, text, "NUL, line ends and backslashes can't be named in a manifest");
  }
  return {};
}

Result<void> CheckPath(std::string_view path) {
  PLASM_TRY_VOID(CheckText("path", path));
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view part = path.substr(start, end - start);
    if (part.empty() || part == "." || part == "..") {
      return Refused("path", path, "expected a relative path without empty parts, . and ..");
    }
    start = end + 1;
  }
  return {};
}

}  // namespace

Result<void> CheckTreeFilePath(std::string_view path) {
  PLASM_TRY_VOID(CheckPath(path));
  if (path == "-") return Refused("path", path, "sha256sum would read its standard input");
  return {};
}

Result<void> CheckTreeLayoutPath(std::string_view path) {
  PLASM_TRY_VOID(CheckPath(path));
  if (path.find(kArrow) != std::string_view::npos) {
    return Refused("path", path, "\" -> \" in an empty folder's or link's path is ambiguous");
  }
  return {};
}

Result<void> CheckTreeLinkText(std::string_view text) { return CheckText("text of a link", text); }

Result<void> TreeDigestBuilder::AddFile(std::string path, const Sha256Digest& contents) {
  PLASM_TRY_VOID(CheckTreeFilePath(path));
  std::string line = contents.ToHex() + "  " + path + "\n";
  entries_.push_back({std::move(path), std::move(line), false});
  return {};
}

Result<void> TreeDigestBuilder::AddEmptyFolder(std::string path) {
  PLASM_TRY_VOID(CheckTreeLayoutPath(path));
  std::string line = path + "/\n";
  entries_.push_back({std::move(path), std::move(line), true});
  return {};
}

Result<void> TreeDigestBuilder::AddLink(std::string path, std::string_view target) {
  PLASM_TRY_VOID(CheckTreeLayoutPath(path));
  PLASM_TRY_VOID(CheckTreeLinkText(target));
  std::string line = path + std::string(kArrow) + std::string(target) + "\n";
  entries_.push_back({std::move(path), std::move(line), true});
  return {};
}

Result<TreeTexts> TreeDigestBuilder::Texts() && {
  std::ranges::sort(entries_, {}, &Entry::path);
  const auto twice = std::ranges::adjacent_find(entries_, {}, &Entry::path);
  if (twice != entries_.end()) return Refused("path", twice->path, "found twice");

  TreeTexts texts;
  for (const Entry& entry : entries_) (entry.in_layout ? texts.layout : texts.tree) += entry.line;
  return texts;
}

Result<TreeDigests> TreeDigestBuilder::Finish() && {
  PLASM_TRY(const TreeTexts texts, std::move(*this).Texts());
  TreeDigests digests{.tree = Sha256Of(AsBytes(texts.tree)), .layout = std::nullopt};
  if (!texts.layout.empty()) digests.layout = Sha256Of(AsBytes(texts.layout));
  return digests;
}

}  // namespace plasm::receipt
