#include "client/job_plan.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/hex.h"
#include "base/system_error.h"
#include "execution/input_trees.h"
#include "execution/tree_text.h"

namespace plasm::client {
namespace {

constexpr std::size_t kReadBytes = 256 << 10;
constexpr std::uint64_t kMaxTreeTextBytes = std::uint64_t{256} << 20;

Result<std::size_t> ReadSome(int fd, std::span<std::byte> out) {
  while (true) {
    const ssize_t count = read(fd, out.data(), out.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) return SystemError(errno, "standard input");
  }
}

Result<receipt::StdinName> TakeStdin(int fd, const BlobStore& store) {
  Bytes small;
  std::optional<BlobWriter> blob;
  Bytes buffer(kReadBytes);
  while (fd >= 0) {
    PLASM_TRY(const std::size_t count, ReadSome(fd, buffer));
    if (count == 0) break;
    const ByteView got = ByteView(buffer).first(count);
    if (!blob && small.size() + count <= receipt::kMaxInlineStdinBytes) {
      small.insert(small.end(), got.begin(), got.end());
      continue;
    }
    if (!blob) {
      PLASM_TRY(BlobWriter begun, store.NewBlob());
      blob.emplace(std::move(begun));
      PLASM_TRY_VOID(blob->Write(small));
    }
    PLASM_TRY_VOID(blob->Write(got));
  }
  if (blob) {
    PLASM_TRY(const StoredBlob kept, blob->Finish());
    return receipt::StdinName{kept.digest, kept.bytes, {}};
  }
  receipt::StdinName name{Sha256Of(small), small.size(), {}};
  if (!small.empty()) name.inline_bytes = std::move(small);
  return name;
}

Result<void> AddTree(const receipt::InputTree& tree, const ContentSource& source,
                     std::size_t max_nodes, std::set<Sha256Digest>& blobs) {
  PLASM_TRY(const Bytes text, ReadContent(source, tree.tree, kMaxTreeTextBytes));
  Bytes layout;
  if (tree.layout) {
    PLASM_TRY(layout, ReadContent(source, *tree.layout, kMaxTreeTextBytes));
    blobs.insert(*tree.layout);
  }
  blobs.insert(tree.tree);
  PLASM_TRY(const std::vector<execution::TreeEntry> entries,
            execution::ReadTreeTexts(AsText(text), AsText(layout), max_nodes));
  for (const execution::TreeEntry& found : entries) {
    if (found.entry.kind == worker::EntryKind::kFile) blobs.insert(found.digest);
  }
  return {};
}

}  // namespace

std::string NewNonce(Entropy& entropy) {
  std::array<std::byte, 16> nonce;
  entropy.Fill(nonce);
  return EncodeHex(nonce);
}

execution::JobOrder AsBefore(execution::JobOrder order, const receipt::Manifest& earlier) {
  if (!order.start_time_ns) order.start_time_ns = earlier.start_time_ns;
  if (!order.nonce) order.nonce = earlier.nonce;
  return order;
}

Result<std::set<Sha256Digest>> BlobsOf(const receipt::Manifest& manifest,
                                       const ContentSource& source) {
  std::set<Sha256Digest> blobs{manifest.module.sha256};
  for (const receipt::InputTree& tree : manifest.inputs) {
    PLASM_TRY_VOID(AddTree(tree, source, manifest.limits.file_nodes, blobs));
  }
  if (manifest.stdin_name.size > 0 && !manifest.stdin_name.inline_bytes) {
    blobs.insert(manifest.stdin_name.sha256);
  }
  return blobs;
}

Result<JobPlan> PlanJob(const execution::JobOrder& order, ByteView module, int stdin_fd,
                        const BlobStore& store, std::uint64_t now_ns, Entropy& entropy) {
  JobPlan plan;
  receipt::Manifest& manifest = plan.manifest;
  manifest = execution::ManifestOf(order, {Sha256Of(module), module.size()}, now_ns);
  if (!manifest.nonce) manifest.nonce = NewNonce(entropy);
  PLASM_TRY_VOID(store.Put(manifest.module.sha256, module));

  PLASM_TRY(const execution::FolderSnapshot snapshot,
            execution::TakeSnapshot(order.inputs, order.limits));
  PLASM_TRY(manifest.inputs,
            execution::DescribeInputs(snapshot.folders, snapshot.contents, &store));
  execution::FillSeed(order, manifest);
  PLASM_TRY(manifest.stdin_name, TakeStdin(stdin_fd, store));
  PLASM_TRY(plan.blobs, BlobsOf(manifest, store));
  plan.text = receipt::SerializeManifest(manifest);
  // What flags and folders brought together is held to what every reader demands.
  const auto read = receipt::ParseManifest(AsBytes(plan.text));
  if (!read) return Error{read.error().code, "the job's manifest: " + read.error().message};
  return plan;
}

}  // namespace plasm::client
