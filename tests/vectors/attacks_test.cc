// spec/vectors/ATTACKS.md says which case answers which attack: it must not say so in vain.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "vector_file.h"

namespace plasm::vectors {
namespace {

// What a case gives, as the last column of the tables has it.
std::string OutcomeOf(const Case& vector) {
  for (const JsonMember& member : vector.members) {
    if (member.key == "verdict" || member.key == "outcome") {
      return std::get<std::string>(member.value.v);
    }
    if (member.key == "valid") return std::get<bool>(member.value.v) ? "valid" : "invalid";
  }
  return "nothing";
}

// "receipt/swapped-nonce" to its outcome, of all files.
std::map<std::string, std::string> AllOutcomes() {
  std::map<std::string, std::string> outcomes;
  for (const std::string& file : VectorFiles()) {
    for (const Case& vector : ReadCases(file, "plasm-vectors/" + file + "/v1")) {
      outcomes[file + "/" + vector.name] = OutcomeOf(vector);
    }
  }
  return outcomes;
}

// "src/tlog/tile_test.cc: TileTest.RefusesOtherSpellings".
bool IsUnitTest(const std::string& reference) {
  const auto colon = reference.find(": ");
  const auto dot = reference.find('.', colon);
  if (colon == std::string::npos || dot == std::string::npos) return false;
  std::ifstream file(PLASM_SOURCE_DIR "/" + reference.substr(0, colon));
  const std::string source{std::istreambuf_iterator<char>(file), {}};
  const std::string arguments =
      "(" + reference.substr(colon + 2, dot - colon - 2) + ", " + reference.substr(dot + 1) + ")";
  return source.find("\nTEST" + arguments) != std::string::npos ||
         source.find("\nTEST_F" + arguments) != std::string::npos;
}

struct Attack {
  std::string name;
  std::vector<std::string> references;
  std::string outcome;
};

// The texts in backticks of a cell.
std::vector<std::string> InBackticks(const std::string& cell) {
  std::vector<std::string> texts;
  for (auto begin = cell.find('`'); begin != std::string::npos; begin = cell.find('`', begin)) {
    const auto end = cell.find('`', begin + 1);
    if (end == std::string::npos) throw std::runtime_error("a backtick that does not end: " + cell);
    texts.push_back(cell.substr(begin + 1, end - begin - 1));
    begin = end + 1;
  }
  return texts;
}

std::vector<Attack> ReadAttacks() {
  std::vector<Attack> attacks;
  std::istringstream lines(ReadDocument("ATTACKS.md"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| ") || line.starts_with("| attack |")) continue;
    const auto first = line.find(" | ");
    const auto second = line.find(" | ", first + 3);
    if (second == std::string::npos || !line.ends_with(" |")) {
      throw std::runtime_error("expected three columns: " + line);
    }
    attacks.push_back({line.substr(2, first - 2),
                       InBackticks(line.substr(first + 3, second - first - 3)),
                       line.substr(second + 3, line.size() - second - 5)});
  }
  return attacks;
}

TEST(AttacksTest, EveryAttackHasCasesWithTheOutcomeThatItIsSaidToHave) {
  const auto outcomes = AllOutcomes();
  const auto attacks = ReadAttacks();
  EXPECT_GT(attacks.size(), 90U);
  for (const Attack& attack : attacks) {
    EXPECT_FALSE(attack.references.empty()) << attack.name;
    for (const std::string& reference : attack.references) {
      if (reference.starts_with("src/")) {
        EXPECT_TRUE(IsUnitTest(reference)) << reference;
        continue;
      }
      const auto found = outcomes.find(reference);
      if (found == outcomes.end()) {
        ADD_FAILURE() << attack.name << ": there is no case " << reference;
      } else {
        EXPECT_EQ(found->second, attack.outcome) << attack.name << ": " << reference;
      }
    }
  }
}

}  // namespace
}  // namespace plasm::vectors
