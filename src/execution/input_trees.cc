#include "execution/input_trees.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>

#include "base/system_error.h"
#include "execution/tree_text.h"
#include "receipt/tree_digest.h"

namespace plasm::execution {
namespace {

constexpr std::uint64_t kMaxTreeTextBytes = std::uint64_t{256} << 20;

// Hashes a part of the sealed file and, with a store, keeps it there.
Result<Sha256Digest> TakeFile(int fd, std::uint64_t offset, std::uint64_t size,
                              const BlobStore* store) {
  Sha256 hash;
  std::optional<BlobWriter> writer;
  if (store != nullptr) {
    PLASM_TRY(BlobWriter blob, store->NewBlob());
    writer.emplace(std::move(blob));
  }
  Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(size, 1u << 18)));
  while (size > 0) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(size, buffer.size()));
    const ssize_t count = pread(fd, buffer.data(), most, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return SystemError(count < 0 ? errno : EIO, "job inputs");
    const ByteView bytes = ByteView(buffer).first(static_cast<std::size_t>(count));
    if (writer) {
      PLASM_TRY_VOID(writer->Write(bytes));
    } else {
      hash.Update(bytes);
    }
    offset += bytes.size();
    size -= bytes.size();
  }
  if (!writer) return hash.Finish();
  PLASM_TRY(const StoredBlob blob, writer->Finish());
  return blob.digest;
}

Result<receipt::InputTree> DescribeFolder(const worker::InputFolder& folder,
                                          const UniqueFd& contents, const BlobStore* store) {
  receipt::TreeDigestBuilder builder;
  for (std::size_t i = 0; i < folder.entries.size(); ++i) {
    const worker::InputEntry& entry = folder.entries[i];
    switch (entry.kind) {
      case worker::EntryKind::kFile: {
        PLASM_TRY(const Sha256Digest digest,
                  TakeFile(contents.get(), entry.offset, entry.size, store));
        PLASM_TRY_VOID(builder.AddFile(entry.path, digest));
        break;
      }
      case worker::EntryKind::kSymlink:
        PLASM_TRY_VOID(builder.AddLink(entry.path, entry.target));
        break;
      case worker::EntryKind::kDirectory: {
        // Parents come first, so what is in a folder comes right behind it.
        const bool empty = i + 1 == folder.entries.size() ||
                           !folder.entries[i + 1].path.starts_with(entry.path + "/");
        if (empty) PLASM_TRY_VOID(builder.AddEmptyFolder(entry.path));
        break;
      }
    }
  }
  PLASM_TRY(const receipt::TreeTexts texts, std::move(builder).Texts());
  receipt::InputTree tree{folder.guest_path, Sha256Of(AsBytes(texts.tree)), {}};
  if (!texts.layout.empty()) tree.layout = Sha256Of(AsBytes(texts.layout));
  if (store != nullptr) {
    PLASM_TRY_VOID(store->Put(tree.tree, AsBytes(texts.tree)));
    if (tree.layout) PLASM_TRY_VOID(store->Put(*tree.layout, AsBytes(texts.layout)));
  }
  return tree;
}

Result<worker::InputFolder> FetchFolder(const receipt::InputTree& tree, const ContentSource& source,
                                        const worker::JobLimits& limits, std::size_t nodes_left,
                                        worker::Inputs& inputs) {
  PLASM_TRY(const Bytes text, ReadContent(source, tree.tree, kMaxTreeTextBytes));
  Bytes layout;
  if (tree.layout) {
    PLASM_TRY(layout, ReadContent(source, *tree.layout, kMaxTreeTextBytes));
  }
  PLASM_TRY(std::vector<TreeEntry> entries,
            ReadTreeTexts(AsText(text), AsText(layout), nodes_left));
  worker::InputFolder folder{tree.guest, {}};
  for (TreeEntry& found : entries) {
    worker::InputEntry& entry = found.entry;
    if (entry.kind == worker::EntryKind::kFile) {
      entry.offset = inputs.size();
      const auto add = [&inputs](ByteView bytes) -> Result<void> {
        const auto added = inputs.Add(bytes);
        return added ? Result<void>() : added.error();
      };
      PLASM_TRY(entry.size,
                CopyContent(source, found.digest, limits.file_bytes - inputs.size(), add));
    }
    folder.entries.push_back(std::move(entry));
  }
  return folder;
}

}  // namespace

Result<std::vector<receipt::InputTree>> DescribeInputs(
    const std::vector<worker::InputFolder>& folders, const UniqueFd& contents,
    const BlobStore* store) {
  std::vector<receipt::InputTree> trees;
  for (const worker::InputFolder& folder : folders) {
    PLASM_TRY(receipt::InputTree tree, DescribeFolder(folder, contents, store));
    trees.push_back(std::move(tree));
  }
  return trees;
}

Result<FetchedInputs> FetchInputs(const std::vector<receipt::InputTree>& trees,
                                  const ContentSource& source, const worker::JobLimits& limits) {
  FetchedInputs fetched;
  if (trees.empty()) return fetched;
  worker::Inputs inputs;
  PLASM_TRY_VOID(inputs.Add({}));  // folders without a byte in them have contents too
  std::size_t nodes_left = limits.file_nodes;
  for (const receipt::InputTree& tree : trees) {
    PLASM_TRY(worker::InputFolder folder, FetchFolder(tree, source, limits, nodes_left, inputs));
    nodes_left -= folder.entries.size();
    fetched.folders.push_back(std::move(folder));
  }
  PLASM_TRY(fetched.contents, std::move(inputs).Seal());
  return fetched;
}

}  // namespace plasm::execution
