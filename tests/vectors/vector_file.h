// The files of spec/vectors, for the programs that run them. A file or a case that is not what
// spec/vectors/README.md says throws std::runtime_error: a test then fails, and so does listing
// the tests, so that no case is passed over.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json_reader.h"
#include "base/result.h"

namespace plasm::vectors {

template <class T>
T Need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

// The members of a case (or of an object in it) that are still to be taken. All throw.
class CaseFields {
 public:
  explicit CaseFields(JsonFields fields) : fields_(std::move(fields)) {}

  bool Has(std::string_view name) const { return fields_.Has(name); }
  bool HasBytes(const std::string& name) const { return Has(name) || Has(name + "_base64"); }

  std::string Text(std::string_view name) { return Need(fields_.TakeString(name)); }
  bool Boolean(std::string_view name) { return Need(fields_.TakeBool(name)); }
  std::uint64_t Number(std::string_view name) { return Need(fields_.TakeUint(name)); }
  JsonNode Node(std::string_view name) { return Need(fields_.Take(name)); }

  std::uint64_t Decimal(std::string_view name);  // a decimal string
  Bytes Base64(std::string_view name);           // base64 alone
  Bytes TextOrBase64(const std::string& name);   // `name`, or `name`_base64
  std::optional<Bytes> OptionalBytes(const std::string& name);
  std::vector<std::string> Texts(std::string_view name);
  std::vector<CaseFields> Objects(std::string_view name);

  // Throws when a member is left: one that no runner knows would be an input passed over.
  void End() { Need(fields_.ExpectNoMore()); }

 private:
  static void Need(const Result<void>& result) {
    if (!result) throw std::runtime_error(result.error().message);
  }
  template <class T>
  static T Need(Result<T> result) {
    return vectors::Need(std::move(result));
  }

  JsonFields fields_;
};

struct Case {
  std::string name;    // words with hyphens
  JsonObject members;  // without `name`, `spec` and `why`

  CaseFields Fields() const { return CaseFields(JsonFields(members, name)); }
};

// The cases of spec/vectors/<file>.json, which has this format. Names are unique and not empty.
std::vector<Case> ReadCases(const std::string& file, std::string_view format);

// The names of all files in spec/vectors that end in ".json", without that end.
std::vector<std::string> VectorFiles();

// A file of spec/vectors as it is.
std::string ReadDocument(const std::string& name);

}  // namespace plasm::vectors
