#include "jobs/needed_blobs.h"

#include <algorithm>
#include <set>
#include <string>

#include "execution/tree_text.h"

namespace plasm::jobs {
namespace {

constexpr std::uint64_t kMaxListBytes = std::uint64_t{64} << 20;

class Needs {
 public:
  explicit Needs(BlobAccess& access) : access_(access) {}

  // Whether it is here.
  Result<bool> Add(const Sha256Digest& digest) {
    if (!needed_.insert(digest).second) return !missing_.contains(digest);
    PLASM_TRY(const bool here, access_.IsHere(digest));
    if (!here) missing_.insert(digest);
    return here;
  }

  BlobNeeds Take() && {
    return {{needed_.begin(), needed_.end()}, {missing_.begin(), missing_.end()}};
  }

 private:
  BlobAccess& access_;
  std::set<Sha256Digest> needed_;
  std::set<Sha256Digest> missing_;
};

Result<std::string> ReadList(const ContentSource& source, const Sha256Digest& digest) {
  PLASM_TRY(const Bytes bytes, ReadContent(source, digest, kMaxListBytes));
  return std::string(AsText(bytes));
}

Result<void> AddTree(const receipt::InputTree& input, std::size_t most_entries,
                     const ContentSource& source, Needs& needs) {
  PLASM_TRY(bool here, needs.Add(input.tree));
  if (input.layout) {
    PLASM_TRY(const bool layout_here, needs.Add(*input.layout));
    here = here && layout_here;
  }
  if (!here) return {};
  PLASM_TRY(const std::string tree, ReadList(source, input.tree));
  std::string layout;
  if (input.layout) {
    PLASM_TRY(layout, ReadList(source, *input.layout));
  }
  PLASM_TRY(const auto entries, execution::ReadTreeTexts(tree, layout, most_entries));
  for (const execution::TreeEntry& entry : entries) {
    if (entry.entry.kind == worker::EntryKind::kFile) PLASM_TRY_VOID(needs.Add(entry.digest));
  }
  return {};
}

}  // namespace

Result<BlobNeeds> NeedsOf(const receipt::Manifest& manifest, const ContentSource& source,
                          BlobAccess& access) {
  Needs needs(access);
  PLASM_TRY_VOID(needs.Add(manifest.module.sha256));
  if (!manifest.stdin_name.inline_bytes && manifest.stdin_name.size > 0) {
    PLASM_TRY_VOID(needs.Add(manifest.stdin_name.sha256));
  }
  for (const receipt::InputTree& input : manifest.inputs) {
    PLASM_TRY_VOID(AddTree(input, manifest.limits.file_nodes, source, needs));
  }
  return std::move(needs).Take();
}

}  // namespace plasm::jobs
