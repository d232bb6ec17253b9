#include "worker/loop/job_files.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/system_error.h"

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

// Walks one output with a stack of its own: a guest chooses how deep its folders are.
class OutputWalk {
 public:
  OutputWalk(JobNumber number, std::uint32_t output, wasi::FileTree& tree, const EmitMessage& emit)
      : number_(number), output_(output), tree_(tree), emit_(emit) {}

  void Run(wasi::NodeId root) {
    pending_.push_back({root, ""});
    while (!pending_.empty()) {
      const Pending next = std::move(pending_.back());
      pending_.pop_back();
      Emit(next);
    }
  }

 private:
  struct Pending {
    wasi::NodeId node;
    std::string path;
  };

  void Emit(const Pending& item) {
    switch (tree_.TypeOf(item.node)) {
      case wasi::Filetype::kDirectory:
        emit_(FileMessage{number_, output_, EntryKind::kDirectory, item.path, 0});
        EmitFolder(item);
        return;
      case wasi::Filetype::kRegularFile:
        EmitFile(item);
        return;
      default:
        return;
    }
  }

  void EmitFolder(const Pending& folder) {
    auto children = tree_.List(folder.node);
    for (auto child = children.rbegin(); child != children.rend(); ++child) {
      const std::string name(child->name);
      pending_.push_back({child->node, folder.path.empty() ? name : folder.path + "/" + name});
    }
  }

  void EmitFile(const Pending& file) {
    ByteView contents = tree_.Contents(file.node);
    emit_(FileMessage{number_, output_, EntryKind::kFile, file.path, contents.size()});
    while (!contents.empty()) {
      const ByteView chunk = contents.first(std::min(contents.size(), kMaxChunkBytes));
      emit_(FileDataMessage{number_, chunk});
      contents = contents.subspan(chunk.size());
    }
  }

  JobNumber number_;
  std::uint32_t output_;
  wasi::FileTree& tree_;
  const EmitMessage& emit_;
  std::vector<Pending> pending_;
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

void EmitOutputs(JobNumber number, const Job& job, wasi::FileTree& tree, const EmitMessage& emit) {
  for (std::uint32_t index = 0; index < job.outputs.size(); ++index) {
    const auto node = tree.Find(job.outputs[index], wasi::FinalLink::kFollow);
    if (node) OutputWalk(number, index, tree, emit).Run(*node);
  }
}

}  // namespace plasm::worker
