// Reads that are not about one job: what keeps blobs, and tokens.
#include <algorithm>

#include "store/job_reads.h"

namespace plasm::store {
namespace {

constexpr char kIsReferred[] =
    "SELECT EXISTS (SELECT 1 FROM blob_refs WHERE digest = ?1) OR "
    "EXISTS (SELECT 1 FROM uploads WHERE digest = ?1)";
constexpr char kIsReferredBy[] =
    "SELECT EXISTS (SELECT 1 FROM uploads WHERE digest = ?1 AND client = ?2) OR "
    "EXISTS (SELECT 1 FROM blob_refs JOIN jobs USING (seq) WHERE digest = ?1 AND client = ?2)";
constexpr char kNextReferred[] =
    "SELECT min(digest) FROM (SELECT min(digest) AS digest FROM blob_refs WHERE digest > ?1 "
    "UNION ALL SELECT min(digest) FROM uploads WHERE digest > ?1)";
#define PLASM_TOKEN_COLUMNS \
  "SELECT name, secret_sha256, scopes, created_ns, expires_ns, revoked FROM tokens "
constexpr char kTokenBySecret[] = PLASM_TOKEN_COLUMNS "WHERE secret_sha256 = ?";
constexpr char kTokens[] = PLASM_TOKEN_COLUMNS "ORDER BY name";

Result<TokenRecord> Token(const Execution& row) {
  TokenRecord token;
  token.name = row.Text(0);
  PLASM_TRY(token.secret_sha256, row.Digest(1));
  token.scopes = row.Text(2);
  token.created_ns = row.Uint(3);
  token.expires_ns = row.Uint(4);
  token.revoked = row.Int(5) != 0;
  return token;
}

}  // namespace

Result<bool> JobReads::IsReferred(const Sha256Digest& digest) {
  Execution row = database_.Begin(kIsReferred);
  PLASM_TRY(const bool found, row.Bind(digest).Row());
  return found && row.Int(0) != 0;
}

Result<bool> JobReads::IsReferredBy(std::string_view client, const Sha256Digest& digest) {
  Execution row = database_.Begin(kIsReferredBy);
  PLASM_TRY(const bool found, row.Bind(digest).Bind(client).Row());
  return found && row.Int(0) != 0;
}

// From one digest to the next by the index, however many jobs refer to one.
Result<std::vector<Sha256Digest>> JobReads::ReferredBlobs(std::optional<Sha256Digest> after,
                                                          std::size_t limit) {
  std::vector<Sha256Digest> digests;
  Bytes last;
  if (after) last.assign(after->bytes.begin(), after->bytes.end());
  while (digests.size() < limit) {
    Execution row = database_.Begin(kNextReferred);
    PLASM_TRY(const bool found, row.Bind(ByteView(last)).Row());
    if (!found || row.IsNull(0)) break;
    PLASM_TRY(const Sha256Digest digest, row.Digest(0));
    digests.push_back(digest);
    last.assign(digest.bytes.begin(), digest.bytes.end());
  }
  return digests;
}

Result<std::optional<TokenRecord>> JobReads::FindToken(const Sha256Digest& secret_sha256) {
  Execution row = database_.Begin(kTokenBySecret);
  PLASM_TRY(const bool found, row.Bind(secret_sha256).Row());
  if (!found) return std::optional<TokenRecord>();
  PLASM_TRY(TokenRecord token, Token(row));
  return std::optional(std::move(token));
}

Result<std::vector<TokenRecord>> JobReads::Tokens() {
  std::vector<TokenRecord> tokens;
  Execution row = database_.Begin(kTokens);
  while (true) {
    PLASM_TRY(const bool found, row.Row());
    if (!found) return tokens;
    PLASM_TRY(TokenRecord token, Token(row));
    tokens.push_back(std::move(token));
  }
}

}  // namespace plasm::store
