#include "vector_file.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/base64.h"
#include "base/decimal.h"
#include "base/file.h"

namespace plasm::vectors {
namespace {

namespace fs = std::filesystem;

// Ours, and large: only the documents inside them are hostile.
constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;
constexpr JsonLimits kLimits = {
    .max_bytes = kMaxFileBytes, .max_depth = 16, .max_values = 2'000'000};

fs::path Folder() { return fs::path(PLASM_SOURCE_DIR) / "spec" / "vectors"; }

Case ToCase(JsonNode node) {
  const std::string place = node.path();
  CaseFields fields(Need(std::move(node).AsObject()));
  Case taken;
  taken.name = fields.Text("name");
  fields.Text("spec");
  fields.Text("why");
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto fits = [&](char c) { return is_word(c) || c == '-'; };
  if (taken.name.empty() || !std::ranges::all_of(taken.name, fits)) {
    throw std::runtime_error(place + ".name: found \"" + taken.name +
                             "\", expected words with hyphens");
  }
  return taken;
}

}  // namespace

std::uint64_t CaseFields::Decimal(std::string_view name) { return Need(ParseDecimal(Text(name))); }

Bytes CaseFields::Base64(std::string_view name) { return Need(DecodeBase64(Text(name))); }

Bytes CaseFields::TextOrBase64(const std::string& name) {
  const std::string base64 = name + "_base64";
  if (Has(base64)) return Base64(base64);
  const std::string text = Text(name);
  const ByteView bytes = AsBytes(text);
  return {bytes.begin(), bytes.end()};
}

std::optional<Bytes> CaseFields::OptionalBytes(const std::string& name) {
  if (!HasBytes(name)) return std::nullopt;
  return TextOrBase64(name);
}

std::vector<std::string> CaseFields::Texts(std::string_view name) {
  std::vector<std::string> texts;
  for (JsonNode& node : Need(fields_.TakeArray(name))) {
    texts.push_back(Need(std::move(node).AsString()));
  }
  return texts;
}

std::vector<CaseFields> CaseFields::Objects(std::string_view name) {
  std::vector<CaseFields> objects;
  for (JsonNode& node : Need(fields_.TakeArray(name))) {
    objects.emplace_back(Need(std::move(node).AsObject()));
  }
  return objects;
}

std::vector<Case> ReadCases(const std::string& file, std::string_view format) {
  const std::string text = ReadDocument(file + ".json");
  JsonNode root = Need(ParseJson(AsBytes(text), file, kLimits));
  CaseFields fields(Need(std::move(root).AsObject()));
  if (const std::string found = fields.Text("format"); found != format) {
    throw std::runtime_error(file + ".format: found \"" + found + "\", expected \"" +
                             std::string(format) + "\"");
  }
  fields.Text("description");
  std::vector<Case> cases;
  std::set<std::string> names;
  JsonNode list = fields.Node("cases");
  fields.End();
  for (JsonNode& node : Need(std::move(list).AsArray())) {
    JsonObject members = std::get<JsonObject>(node.value().v);
    Case taken = ToCase(std::move(node));
    std::erase_if(members, [](const JsonMember& member) {
      return member.key == "name" || member.key == "spec" || member.key == "why";
    });
    taken.members = std::move(members);
    if (!names.insert(taken.name).second) {
      throw std::runtime_error(file + ": two cases have the name " + taken.name);
    }
    cases.push_back(std::move(taken));
  }
  if (cases.empty()) throw std::runtime_error(file + ": has no cases");
  return cases;
}

std::vector<std::string> VectorFiles() {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(Folder())) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().stem());
  }
  std::ranges::sort(files);
  return files;
}

std::string ReadDocument(const std::string& name) {
  const Bytes bytes = Need(ReadFile(Folder() / name, kMaxFileBytes));
  return std::string(AsText(bytes));
}

}  // namespace plasm::vectors
