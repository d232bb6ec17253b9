// Files that nobody but their owner may change, and the lock around their changes.
#pragma once

#include <cstddef>
#include <filesystem>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace plasm::trust {

// What its group and others may do to a guarded file.
enum class OthersMay {
  kRead,
  kNeitherReadNorWrite,  // it holds secrets
};

// The bytes of the file, up to max_bytes; kLimitExceeded beyond. kNotFound when there is none;
// kDenied unless it is the caller's own or root's, and nobody else can do more than they may;
// kInvalid for a symbolic link and anything but a regular file. Errors name the path.
Result<Bytes> ReadGuardedFile(const std::filesystem::path& path, std::size_t max_bytes,
                              OthersMay others = OthersMay::kRead);

// What the file says, by Form::Parse; an empty Form where there is no file. Errors as above and
// those of the form, with the path.
template <class Form>
Result<Form> ReadGuardedForm(const std::filesystem::path& path, std::size_t max_bytes,
                             OthersMay others = OthersMay::kRead) {
  const auto bytes = ReadGuardedFile(path, max_bytes, others);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) return Form();
  if (!bytes) return bytes.error();
  auto form = Form::Parse(*bytes);
  if (!form) return Error{form.error().code, path.string() + ": " + form.error().message};
  return form;
}

enum class LockKind {
  kShared,     // for readers. Nothing is locked, and the descriptor is empty, where there is no
               // lock file or it can't be opened: who can't change a folder may still read it
  kExclusive,  // for those who change something. Makes the file, with mode 0600; it stays
};

// Waits until nobody holds a lock on this path that is in the way. Held as long as the
// descriptor.
Result<UniqueFd> LockFile(const std::filesystem::path& path, LockKind kind);

}  // namespace plasm::trust
