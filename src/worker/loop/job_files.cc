#include "worker/loop/job_files.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/system_error.h"
#include "worker/protocol/output_path.h"

namespace plasm::worker {
namespace {

Result<void> AddEntry(wasi::FileTree& tree, wasi::PreopenId preopen, const InputEntry& entry,
                      ByteView contents) {
  switch (entry.kind) {
    case EntryKind::kDirectory:
      return tree.AddDirectory(preopen, entry.path);
    case EntryKind::kSymlink:
      return tree.AddSymlink(preopen, entry.path, entry.target);
    case EntryKind::kFile:
      break;
  }
  if (entry.offset > contents.size() || entry.size > contents.size() - entry.offset) {
    return Error{ErrorCode::kCorrupt, "input " + entry.path + " lies outside of the inputs"};
  }
  return tree.AddFile(preopen, entry.path,
                      contents.subspan(static_cast<std::size_t>(entry.offset),
                                       static_cast<std::size_t>(entry.size)));
}

// Walks outputs with a stack of its own: a guest chooses how deep its folders are.
class OutputWalk {
 public:
  OutputWalk(JobNumber number, const Job& job, wasi::FileTree& tree, const EmitMessage& emit)
      : number_(number), job_(job), tree_(tree), emit_(emit), bytes_left_(job.limits.file_bytes) {}

  Result<void> Run(std::uint32_t output, wasi::NodeId root) {
    pending_.push_back({root, ""});
    while (!pending_.empty()) {
      const Pending next = std::move(pending_.back());
      pending_.pop_back();
      PLASM_TRY_VOID(Emit(output, next));
    }
    return {};
  }

 private:
  struct Pending {
    wasi::NodeId node;
    std::string path;
  };

  Result<void> Emit(std::uint32_t output, const Pending& item) {
    const wasi::Filetype type = tree_.TypeOf(item.node);
    const bool folder = type == wasi::Filetype::kDirectory;
    if (!folder && type != wasi::Filetype::kRegularFile) return {};
    const ByteView contents = tree_.Contents(item.node);
    if (!IsSafeOutputPath(item.path)) {
      return Refuse(output, "holds a path that is too long or has control characters");
    }
    if (++files_ > job_.limits.file_nodes || contents.size() > bytes_left_) {
      return Refuse(output, "is larger than the job's files may be");
    }
    bytes_left_ -= contents.size();
    emit_(FileMessage{number_, output, folder ? EntryKind::kDirectory : EntryKind::kFile, item.path,
                      contents.size()});
    if (folder) {
      PushChildren(item);
    } else {
      EmitContents(contents);
    }
    return {};
  }

  void PushChildren(const Pending& folder) {
    auto children = tree_.List(folder.node);
    for (auto child = children.rbegin(); child != children.rend(); ++child) {
      const std::string name(child->name);
      pending_.push_back({child->node, folder.path.empty() ? name : folder.path + "/" + name});
    }
  }

  void EmitContents(ByteView contents) {
    while (!contents.empty()) {
      const ByteView chunk = contents.first(std::min(contents.size(), kMaxChunkBytes));
      emit_(FileDataMessage{number_, chunk});
      contents = contents.subspan(chunk.size());
    }
  }

  Error Refuse(std::uint32_t output, const char* why) const {
    return Error{ErrorCode::kLimitExceeded, "output " + job_.outputs[output] + " " + why};
  }

  JobNumber number_;
  const Job& job_;
  wasi::FileTree& tree_;
  const EmitMessage& emit_;
  std::vector<Pending> pending_;
  std::uint64_t bytes_left_;
  std::uint32_t files_ = 0;
};

}  // namespace

Result<Mapping> Mapping::Of(const UniqueFd& file) {
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return SystemError(errno, "mapping");
  Mapping mapping;
  if (status.st_size == 0) return mapping;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* mapped = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (mapped == MAP_FAILED) return SystemError(errno, "mapping");
  mapping.bytes_ = ByteView(static_cast<const std::byte*>(mapped), size);
  return mapping;
}

Mapping::Mapping(Mapping&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

Mapping::~Mapping() {
  if (!bytes_.empty()) munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

Result<wasi::FileTree> BuildTree(const Job& job, ByteView contents) {
  wasi::FileTree tree;
  for (const InputFolder& folder : job.folders) {
    PLASM_TRY(const wasi::PreopenId preopen, tree.AddPreopen(folder.guest_path));
    for (const InputEntry& entry : folder.entries) {
      PLASM_TRY_VOID(AddEntry(tree, preopen, entry, contents));
    }
  }
  return tree;
}

Result<void> EmitOutputs(JobNumber number, const Job& job, wasi::FileTree& tree,
                         const EmitMessage& emit) {
  OutputWalk walk(number, job, tree, emit);
  for (std::uint32_t index = 0; index < job.outputs.size(); ++index) {
    const auto node = tree.Find(job.outputs[index], wasi::FinalLink::kFollow);
    if (node) PLASM_TRY_VOID(walk.Run(index, *node));
  }
  return {};
}

}  // namespace plasm::worker
