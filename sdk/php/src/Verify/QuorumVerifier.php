<?php

declare(strict_types=1);

namespace Plasm\Verify;

use Plasm\Document\JobManifest;
use Plasm\Document\QuorumAnswer;
use Plasm\Document\QuorumBundle;
use Plasm\Exception\MalformedException;
use Plasm\Verdict;

/** The verdict on what several nodes answered to one job (spec/quorum.md section 5). Pure. */
final class QuorumVerifier
{
    /** @var array<string, true> identities and operators of the answers that count */
    private array $taken = [];

    private function __construct(private readonly QuorumBundle $bundle, private readonly QuorumEvidence $evidence)
    {
    }

    /** Never throws for what is wrong with a bundle: that is the verdict. */
    public static function verify(QuorumEvidence $evidence): QuorumVerification
    {
        try {
            $bundle = QuorumBundle::parse($evidence->bundle);
            JobManifest::parse($bundle->manifest);
        } catch (MalformedException $error) {
            return new QuorumVerification(Verdict::Malformed, $error->getMessage());
        }

        return (new self($bundle, $evidence))->run();
    }

    private function run(): QuorumVerification
    {
        $answers = array_map($this->judge(...), $this->bundle->answers);
        $agree = $this->evidence->agree ?? $this->bundle->agree;
        $results = array_filter(array_map(static fn (JudgedAnswer $answer): ?string => $answer->result(), $answers));
        $tally = array_count_values($results);
        $most = $tally === [] ? 0 : max($tally);
        $reached = array_keys(array_filter($tally, static fn (int $count): bool => $count >= $agree));
        if (count($reached) !== 1) {
            $reason = $reached === []
                ? "$most of " . count($answers) . " answers agree, expected $agree"
                : "more than one result is answered by $agree nodes";

            return new QuorumVerification(Verdict::NoQuorum, $reason, $answers, $agree, $most);
        }
        $result = (string) $reached[0];
        $refused = null;
        foreach ($answers as $index => $answer) {
            if ($answer->result() === $result) {
                $answers[$index] = $this->agreeing($answer, $this->bundle->answers[$index]);
                $verification = $answers[$index]->verification;
                $refused = $verification->isValid() ? $refused : $verification;
            }
        }

        return new QuorumVerification(
            $refused->verdict ?? Verdict::Valid,
            $refused->reason ?? '',
            $answers,
            $agree,
            $most,
            $result,
        );
    }

    private function judge(QuorumAnswer $answer): JudgedAnswer
    {
        $verification = $this->verified($answer, []);
        $statement = $verification->statement;
        if (!$verification->isValid() || $statement === null) {
            return new JudgedAnswer($verification, false);
        }
        if ($statement->resultDigest === null) {
            return new JudgedAnswer($verification, false, whyNot: 'it has no resultDigest, and agrees with nobody');
        }
        $operator = $this->evidence->trust?->byIdentity($statement->identity)?->operator;
        if (isset($this->taken["identity $statement->identity"])) {
            return new JudgedAnswer($verification, false, whyNot: 'another answer of this node stands before it');
        }
        if ($operator !== null && isset($this->taken["operator $operator"])) {
            return new JudgedAnswer(
                $verification,
                false,
                whyNot: "another node of the operator $operator stands before it",
            );
        }
        $this->taken["identity $statement->identity"] = true;
        if ($operator !== null) {
            $this->taken["operator $operator"] = true;
        }

        return new JudgedAnswer($verification, true);
    }

    /** The outputs that are given are the result's: those who agree on it name the same ones. */
    private function agreeing(JudgedAnswer $judged, QuorumAnswer $answer): JudgedAnswer
    {
        $verification = $this->evidence->outputs === []
            ? $judged->verification : $this->verified($answer, $this->evidence->outputs);

        return new JudgedAnswer($verification, true, true);
    }

    /** @param array<array-key, string> $outputs */
    private function verified(QuorumAnswer $answer, array $outputs): Verification
    {
        return Verifier::verify(new Evidence(
            $answer->receipt,
            $answer->proof,
            trust: $this->evidence->trust,
            policy: $this->evidence->policy,
            standingPolicy: $this->evidence->standingPolicy,
            manifest: $this->bundle->manifest,
            outputs: $outputs,
            now: $this->evidence->now,
        ));
    }
}
