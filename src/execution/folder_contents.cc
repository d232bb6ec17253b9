#include "execution/folder_contents.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "base/file.h"
#include "base/file_digest.h"
#include "base/system_error.h"
#include "receipt/tree_digest.h"

namespace plasm::execution {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxDepth = 128;

struct FoundEntry {
  enum class Kind { kFile, kLink, kEmptyFolder };
  Kind kind;
  std::string path;  // relative to the folder that is described
  Sha256Digest digest{};
  std::string target{};
};

class Scanner {
 public:
  Scanner(const FolderScanLimits& limits, std::unordered_map<Sha256Digest, fs::path>& files,
          std::unordered_map<Sha256Digest, std::string>& texts)
      : limits_(limits), files_(files), texts_(texts) {}

  // The entries below `folder`, whose texts are remembered on the way.
  Result<std::vector<FoundEntry>> Scan(const fs::path& folder, std::size_t depth = 0) {
    std::vector<FoundEntry> found;
    // No snapshot goes deeper.
    if (depth > kMaxDepth) return found;
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
         entry.increment(failed)) {
      if (++entries_ > limits_.entries) {
        return Error{ErrorCode::kLimitExceeded, folder.string() + ": more than " +
                                                    std::to_string(limits_.entries) + " entries"};
      }
      PLASM_TRY_VOID(Add(*entry, depth, found));
    }
    PLASM_TRY_VOID(Describe(folder, found));
    return found;
  }

 private:
  Result<void> Add(const fs::directory_entry& entry, std::size_t depth,
                   std::vector<FoundEntry>& found) {
    std::error_code failed;
    const std::string name = entry.path().filename().string();
    if (entry.is_symlink(failed)) {
      found.push_back({.kind = FoundEntry::Kind::kLink,
                       .path = name,
                       .target = fs::read_symlink(entry.path(), failed).string()});
    } else if (entry.is_directory(failed)) {
      PLASM_TRY(std::vector<FoundEntry> below, Scan(entry.path(), depth + 1));
      if (below.empty()) found.push_back({FoundEntry::Kind::kEmptyFolder, name});
      for (FoundEntry& child : below) {
        child.path.insert(0, name + "/");
        found.push_back(std::move(child));
      }
    } else if (entry.is_regular_file(failed)) {
      return AddFile(entry.path(), name, found);
    }
    return {};
  }

  Result<void> AddFile(const fs::path& path, const std::string& name,
                       std::vector<FoundEntry>& found) {
    const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat status{};
    if (!fd || fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    const auto taken = DigestDescriptor(fd.get(), path.string(), bytes_left_);
    if (!taken && taken.error().code == ErrorCode::kLimitExceeded) {
      return Error{
          ErrorCode::kLimitExceeded,
          path.string() + ": more than " + std::to_string(limits_.bytes) + " bytes in this folder"};
    }
    if (!taken) return {};
    bytes_left_ -= taken->bytes;
    files_.emplace(taken->digest, path);
    found.push_back({FoundEntry::Kind::kFile, name, taken->digest});
    return {};
  }

  // A folder that no digest can name is none that a manifest names.
  Result<void> Describe(const fs::path& folder, const std::vector<FoundEntry>& found) {
    receipt::TreeDigestBuilder builder;
    for (const FoundEntry& entry : found) {
      Result<void> added;
      switch (entry.kind) {
        case FoundEntry::Kind::kFile:
          added = builder.AddFile(entry.path, entry.digest);
          break;
        case FoundEntry::Kind::kLink:
          added = builder.AddLink(entry.path, entry.target);
          break;
        case FoundEntry::Kind::kEmptyFolder:
          added = builder.AddEmptyFolder(entry.path);
          break;
      }
      if (!added) return {};
    }
    auto texts = std::move(builder).Texts();
    if (!texts) return {};
    text_bytes_ += texts->tree.size() + texts->layout.size();
    if (text_bytes_ > limits_.text_bytes) {
      return Error{ErrorCode::kLimitExceeded,
                   folder.string() + ": too many folders within folders to name them all"};
    }
    for (std::string* text : {&texts->tree, &texts->layout}) {
      texts_.emplace(Sha256Of(AsBytes(*text)), std::move(*text));
    }
    return {};
  }

  const FolderScanLimits& limits_;
  std::unordered_map<Sha256Digest, fs::path>& files_;
  std::unordered_map<Sha256Digest, std::string>& texts_;
  std::size_t entries_ = 0;
  std::uint64_t bytes_left_ = limits_.bytes;
  std::size_t text_bytes_ = 0;
};

Result<UniqueFd> InMemory(const std::string& text) {
  UniqueFd fd(memfd_create("plasm-text", MFD_CLOEXEC));
  if (!fd) return SystemError(errno, "memfd_create");
  PLASM_TRY_VOID(WriteAll(fd.get(), AsBytes(text), "memory file"));
  if (lseek(fd.get(), 0, SEEK_SET) != 0) return SystemError(errno, "memory file");
  return fd;
}

}  // namespace

Result<FolderContents> FolderContents::Scan(const fs::path& folder,
                                            const FolderScanLimits& limits) {
  FolderContents contents;
  Scanner scanner(limits, contents.files_, contents.texts_);
  PLASM_TRY(const auto found, scanner.Scan(folder));
  static_cast<void>(found);
  return contents;
}

Result<UniqueFd> FolderContents::Find(const Sha256Digest& digest) const {
  if (const auto text = texts_.find(digest); text != texts_.end()) return InMemory(text->second);
  const auto file = files_.find(digest);
  if (file == files_.end()) {
    return Error{ErrorCode::kNotFound, "no file here has the digest " + digest.ToHex()};
  }
  UniqueFd fd(open(file->second.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd) return SystemError(errno, file->second.string());
  return fd;
}

}  // namespace plasm::execution
