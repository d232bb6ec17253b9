#include "worker/supervisor/programs.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plasm::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

UniqueFd Artefact() { return UniqueFd(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

TEST(ProgramsTest, TheLeastRecentlyUsedGoesWhenThereIsOneTooMany) {
  Programs programs(2);
  const ProgramId first = programs.Add(Artefact());
  const ProgramId second = programs.Add(Artefact());
  ASSERT_TRUE(programs.Use(first));
  programs.Release(first);
  const ProgramId third = programs.Add(Artefact());
  EXPECT_THAT(programs.TakeGone(), ElementsAre(second));
  EXPECT_THAT(programs.TakeGone(), IsEmpty());
  EXPECT_TRUE(programs.Has(first));
  EXPECT_FALSE(programs.Has(second));
  EXPECT_TRUE(programs.Has(third));
  EXPECT_EQ(programs.Find(second), nullptr);
  EXPECT_FALSE(programs.Use(second));
}

TEST(ProgramsTest, OneThatAJobNeedsStaysUntilTheJobHasEnded) {
  Programs programs(1);
  const ProgramId used = programs.Add(Artefact());
  ASSERT_TRUE(programs.Use(used));
  ASSERT_TRUE(programs.Use(used));
  programs.Add(Artefact());
  programs.Release(used);
  EXPECT_THAT(programs.TakeGone(), IsEmpty());
  programs.Release(used);
  EXPECT_THAT(programs.TakeGone(), ElementsAre(used));
}

TEST(ProgramsTest, TheOneThatWasJustAddedStaysForItsFirstJob) {
  Programs programs(1);
  ASSERT_TRUE(programs.Use(programs.Add(Artefact())));
  const ProgramId fresh = programs.Add(Artefact());
  EXPECT_TRUE(programs.Use(fresh));
}

TEST(ProgramsTest, ARemovedOneTakesNoFurtherJobAndGoesWithItsLast) {
  Programs programs(10);
  const ProgramId idle = programs.Add(Artefact());
  const ProgramId used = programs.Add(Artefact());
  ASSERT_TRUE(programs.Use(used));
  programs.Remove(idle);
  programs.Remove(used);
  EXPECT_THAT(programs.TakeGone(), ElementsAre(idle));
  EXPECT_FALSE(programs.Use(used));
  EXPECT_NE(programs.Find(used), nullptr);  // its jobs go on
  programs.Release(used);
  EXPECT_THAT(programs.TakeGone(), ElementsAre(used));
  programs.Remove(used);
  EXPECT_THAT(programs.TakeGone(), IsEmpty());
}

}  // namespace
}  // namespace plasm::worker
