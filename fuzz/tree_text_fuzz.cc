// The texts that name a folder: texts made of what was read from them are the same, and so
// nothing but what a maker writes is read. The first line "--" of an input parts the two
// texts.
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "execution/tree_text.h"
#include "expect.h"
#include "receipt/tree_digest.h"

namespace {

using namespace plasm;

constexpr std::size_t kMaxEntries = 1000;
constexpr std::string_view kMark = "--\n";

void ExpectSameTexts(const std::vector<execution::TreeEntry>& entries, std::string_view tree,
                     std::string_view layout) {
  receipt::TreeDigestBuilder builder;
  std::set<std::string> folders{""};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const worker::InputEntry& entry = entries[i].entry;
    const auto slash = entry.path.rfind('/');
    // Parents come first.
    FUZZ_EXPECT(folders.contains(slash == std::string::npos ? "" : entry.path.substr(0, slash)));
    switch (entry.kind) {
      case worker::EntryKind::kFile:
        FUZZ_EXPECT(builder.AddFile(entry.path, entries[i].digest).has_value());
        break;
      case worker::EntryKind::kSymlink:
        FUZZ_EXPECT(builder.AddLink(entry.path, entry.target).has_value());
        break;
      case worker::EntryKind::kDirectory:
        folders.insert(entry.path);
        if (i + 1 == entries.size() || !entries[i + 1].entry.path.starts_with(entry.path + "/")) {
          FUZZ_EXPECT(builder.AddEmptyFolder(entry.path).has_value());
        }
        break;
    }
  }
  const auto texts = std::move(builder).Texts();
  FUZZ_EXPECT(texts.has_value());
  FUZZ_EXPECT(texts->tree == tree);
  FUZZ_EXPECT(texts->layout == layout);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = AsText(std::as_bytes(std::span(data, size)));
  const auto mark = text.starts_with(kMark) ? 0 : text.find("\n" + std::string(kMark));
  std::string_view tree = text;
  std::string_view layout;
  if (mark != std::string_view::npos) {
    const std::size_t end = text.starts_with(kMark) ? 0 : mark + 1;
    tree = text.substr(0, end);
    layout = text.substr(end + kMark.size());
  }
  const auto entries = execution::ReadTreeTexts(tree, layout, kMaxEntries);
  if (!entries) return 0;
  FUZZ_EXPECT(entries->size() <= kMaxEntries);
  ExpectSameTexts(*entries, tree, layout);
  return 0;
}
