#include "crypto/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <span>
#include <string>

#include "base/file.h"
#include "base/system_error.h"
#include "base/unique_fd.h"
#include "crypto/pkcs8.h"

namespace plasm::crypto {
namespace {

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

std::string Octal(mode_t mode) {
  std::string text = "0000";
  for (std::size_t i = 4; i-- > 0; mode >>= 3) text[i] = static_cast<char>('0' + (mode & 7));
  return text;
}

Error Refuse(ErrorCode code, const std::filesystem::path& path, const std::string& reason) {
  return {code, "key file " + path.string() + ": " + reason};
}

Error Failed(int errno_value, const std::filesystem::path& path) {
  return SystemError(errno_value, "key file " + path.string());
}

Result<void> CheckWhoCanReach(const struct stat& info, const std::filesystem::path& path) {
  if (!S_ISREG(info.st_mode)) return Refuse(ErrorCode::kInvalid, path, "not a regular file");
  if (info.st_uid != geteuid() && info.st_uid != 0) {
    return Refuse(ErrorCode::kDenied, path,
                  "owned by user " + std::to_string(info.st_uid) + ", expected user " +
                      std::to_string(geteuid()) + " or root");
  }
  if ((info.st_mode & kOthers) != 0) {
    return Refuse(ErrorCode::kDenied, path,
                  "others than its owner have access (mode " + Octal(info.st_mode & 07777) +
                      "), expected mode 0600: run chmod 600 on it, or make a new key if they "
                      "may have read it");
  }
  return {};
}

// The number of bytes read, at most out.size(); nothing but `out` holds a copy.
Result<std::size_t> ReadSecret(int fd, std::span<std::byte> out,
                               const std::filesystem::path& path) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const ssize_t got = read(fd, out.data() + filled, out.size() - filled);
    if (got == 0) break;
    if (got > 0) {
      filled += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      return Failed(errno, path);
    }
  }
  return filled;
}

}  // namespace

Result<SigningKey> LoadSigningKey(const std::filesystem::path& path) {
  // O_NONBLOCK: a pipe in the key's place must not make us wait for a writer.
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!fd && errno == ELOOP) {
    return Refuse(ErrorCode::kInvalid, path, "a symbolic link, expected the file itself");
  }
  if (!fd) return Failed(errno, path);
  struct stat info{};
  if (fstat(fd.get(), &info) != 0) return Failed(errno, path);
  PLASM_TRY_VOID(CheckWhoCanReach(info, path));

  SecretArray<kPkcs8PemSize + 1> text;  // one more than a key has, to notice a longer file
  PLASM_TRY(const std::size_t size, ReadSecret(fd.get(), text.bytes, path));
  auto key = ParsePkcs8Pem(ByteView(text.bytes).first(size));
  if (!key) return Refuse(key.error().code, path, key.error().message);
  return key;
}

Result<SigningKey> CreateSigningKey(const std::filesystem::path& path, Entropy& entropy) {
  SigningKey key = SigningKey::Generate(entropy);
  Pkcs8Pem pem;
  WritePkcs8Pem(key, pem);
  PLASM_TRY_VOID(CreateFolders(path.parent_path(), 0700));
  PLASM_TRY_VOID(WriteFileAtomically(
      path, pem.bytes,
      {.mode = 0600, .if_exists = IfExists::kRefuse, .durability = Durability::kSynced}));
  return key;
}

Result<SigningKey> LoadOrCreateSigningKey(const std::filesystem::path& path, Entropy& entropy) {
  auto loaded = LoadSigningKey(path);
  if (loaded || loaded.error().code != ErrorCode::kNotFound) return loaded;
  auto created = CreateSigningKey(path, entropy);
  if (created || created.error().code != ErrorCode::kConflict) return created;
  return LoadSigningKey(path);  // another process was quicker
}

}  // namespace plasm::crypto
