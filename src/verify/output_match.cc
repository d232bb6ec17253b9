#include "verify/output_match.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/quote.h"

namespace plasm::verify {
namespace {

using receipt::FileSubject;
using receipt::Statement;

std::string_view BaseName(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

Error Wrong(const OutputAtHand& output, std::string_view what) {
  return {ErrorCode::kInvalid, Quote(output.shown) + ": " + std::string(what)};
}

std::string SubjectName(const FileSubject& file) { return "file:" + Quote(file.path); }

const Sha256Digest* StreamNamed(const Statement& statement, std::string_view name) {
  if (name == "stdout") return &statement.stdout_subject.digest;
  if (name == "stderr") return &statement.stderr_subject.digest;
  return nullptr;
}

const FileSubject* FileNamed(const Statement& statement, std::string_view path) {
  const auto found = std::ranges::lower_bound(statement.files, path, {}, &FileSubject::path);
  return found == statement.files.end() || found->path != path ? nullptr : &*found;
}

Result<std::string> Compare(const OutputAtHand& output, const std::string& subject,
                            const Sha256Digest& expected, const Sha256Digest& found) {
  if (found == expected) return subject;
  return Wrong(output, "is not what the receipt names as " + subject + ": it has the digest " +
                           found.ToHex() + ", the receipt " + expected.ToHex());
}

Result<std::string> MatchNamedFile(const Statement& statement, const OutputAtHand& output,
                                   const std::string& name, const Sha256Digest& digest) {
  if (const auto* stream = StreamNamed(statement, name)) {
    return Compare(output, name, *stream, digest);
  }
  const FileSubject* file = FileNamed(statement, name);
  if (file == nullptr) return Wrong(output, "the receipt has no output " + Quote(name));
  return Compare(output, SubjectName(*file), file->digest, digest);
}

Result<std::string> MatchUnnamedFile(const Statement& statement, const OutputAtHand& output,
                                     const Sha256Digest& digest) {
  const std::string_view name = BaseName(output.shown);
  const std::string stem(name.substr(0, name.find('.')));
  if (const auto* stream = StreamNamed(statement, stem)) {
    return Compare(output, stem, *stream, digest);
  }
  const FileSubject* namesake = nullptr;
  std::size_t namesakes = 0;
  for (const FileSubject& file : statement.files) {
    if (BaseName(file.path) != name) continue;
    ++namesakes;
    if (namesake == nullptr || file.digest == digest) namesake = &file;
  }
  if (namesakes == 1 || (namesake != nullptr && namesake->digest == digest)) {
    return Compare(output, SubjectName(*namesake), namesake->digest, digest);
  }
  if (namesakes > 1) return Wrong(output, "is none of the kept files of this name");
  if (statement.stdout_subject.digest == digest) return std::string("stdout");
  if (statement.stderr_subject.digest == digest) return std::string("stderr");
  const auto same = std::ranges::find(statement.files, digest, &FileSubject::digest);
  if (same != statement.files.end()) return SubjectName(*same);
  return Wrong(output, "is none of the receipt's outputs");
}

// The kept files below a folder of the guest, by their path below it.
FolderDigests KeptBelow(const Statement& statement, const std::string& folder) {
  const std::string prefix = folder.ends_with('/') ? folder : folder + "/";
  FolderDigests kept;
  auto file = std::ranges::lower_bound(statement.files, prefix, {}, &FileSubject::path);
  for (; file != statement.files.end() && file->path.starts_with(prefix); ++file) {
    kept.emplace(file->path.substr(prefix.size()), file->digest);
  }
  return kept;
}

Result<std::string> MatchNamedFolder(const Statement& statement, const OutputAtHand& output,
                                     const std::string& folder, const FolderDigests& files) {
  const FolderDigests kept = KeptBelow(statement, folder);
  if (kept.empty()) return Wrong(output, "the receipt has no file below " + Quote(folder));
  for (const auto& [path, digest] : kept) {
    const auto found = files.find(path);
    if (found == files.end()) return Wrong(output, "lacks " + Quote(path));
    if (found->second != digest) return Wrong(output, Quote(path) + " is not the receipt's");
  }
  for (const auto& [path, digest] : files) {
    if (!kept.contains(path)) return Wrong(output, "has " + Quote(path) + ", the receipt not");
  }
  return "folder " + Quote(folder);
}

Result<std::string> MatchUnnamedFolder(const Statement& statement, const OutputAtHand& output,
                                       const FolderDigests& files) {
  std::set<std::string> folders;
  for (const FileSubject& file : statement.files) {
    for (auto slash = file.path.rfind('/'); slash != std::string::npos && slash > 0;
         slash = file.path.rfind('/', slash - 1)) {
      if (!folders.insert(file.path.substr(0, slash)).second) break;
    }
  }
  Result<std::string> last = Wrong(output, "the receipt has no kept folder");
  for (const std::string& folder : folders) {
    auto match = MatchNamedFolder(statement, output, folder, files);
    if (match) return match;
    last = std::move(match);
  }
  if (folders.size() > 1) {
    return Wrong(output, "has not exactly the files of any folder in the receipt");
  }
  return last;
}

}  // namespace

Result<std::string> MatchOutput(const Statement& statement, const OutputAtHand& output) {
  if (const auto* digest = std::get_if<Sha256Digest>(&output.contents)) {
    return output.name ? MatchNamedFile(statement, output, *output.name, *digest)
                       : MatchUnnamedFile(statement, output, *digest);
  }
  const auto& files = std::get<FolderDigests>(output.contents);
  return output.name ? MatchNamedFolder(statement, output, *output.name, files)
                     : MatchUnnamedFolder(statement, output, files);
}

}  // namespace plasm::verify
