<?php

declare(strict_types=1);

namespace Plasm\Tests\Vectors;

use PHPUnit\Framework\TestCase;
use Plasm\Document\QuorumBundle;
use Plasm\Encoding\Moment;
use Plasm\Log\Policy;
use Plasm\Trust\Trust;
use Plasm\Verdict;
use Plasm\Verify\JudgedAnswer;
use Plasm\Verify\QuorumEvidence;
use Plasm\Verify\QuorumVerifier;

final class QuorumVectorsTest extends TestCase
{
    /** @return iterable<string, array{array<string, mixed>}> */
    public static function cases(): iterable
    {
        return VectorFile::provide('quorum');
    }

    /** @param array<string, mixed> $case */
    private static function evidence(array $case): QuorumEvidence
    {
        $policy = VectorFile::take($case, 'policy');
        $hashed = static fn (string $data): string => hash('sha256', (string) base64_decode($data, true));

        return new QuorumEvidence(
            (string) VectorFile::take($case, 'bundle'),
            Trust::fromText(VectorFile::take($case, 'trusted_nodes') ?? '', $case['cards'] ?? []),
            $case['agree'] ?? null,
            $policy === null ? null : Policy::parse($policy),
            outputs: array_map($hashed, $case['outputs'] ?? []),
            now: Moment::parse($case['now']),
        );
    }

    /**
     * @dataProvider cases
     *
     * @param array<string, mixed> $case
     */
    public function testFindsTheVerdictOfTheBundleAndOfEachAnswer(array $case): void
    {
        $found = QuorumVerifier::verify(self::evidence($case));
        self::assertSame($case['verdict'], $found->verdict->value, $case['why'] . "\n" . $found->reason);
        self::assertSame($found->reason === '', $found->isValid());
        self::assertSame($case['result'] ?? null, $found->result);
        $answers = array_map(static fn (JudgedAnswer $answer): array => [
            'verdict' => $answer->verification->verdict->value,
            'counts' => $answer->counts,
            'agrees' => $answer->agrees,
        ], $found->answers);
        self::assertSame($case['answers'], $answers);
    }

    public function testWhoAgreedAndWhoDidNotCanBeTold(): void
    {
        $found = QuorumVerifier::verify(self::evidence(VectorFile::cases('quorum')['one-differs']));
        self::assertSame([2, 2], [$found->agree, $found->agreeing]);
        $names = array_map(static fn (JudgedAnswer $answer): ?string => $answer->verification->node, $found->answers);
        self::assertSame(['alpha', 'beta', 'gamma'], $names);
        self::assertNotNull($found->answers[1]->verification->statement);
        $found = QuorumVerifier::verify(self::evidence(VectorFile::cases('quorum')['one-operator-twice']));
        self::assertSame('another node of the operator acme stands before it', $found->answers[1]->whyNot);
        self::assertSame(Verdict::NoQuorum, $found->verdict);
        self::assertSame('1 of 2 answers agree, expected 2', $found->reason);
    }

    public function testADocumentThatSaysThatItIsABundleIsTakenForOne(): void
    {
        $cases = VectorFile::cases('quorum');
        self::assertTrue(QuorumBundle::isOne((string) VectorFile::take($cases['all-agree'], 'bundle')));
        self::assertTrue(QuorumBundle::isOne((string) VectorFile::take($cases['agree-0'], 'bundle')));
        self::assertFalse(QuorumBundle::isOne((string) VectorFile::take($cases['another-type'], 'bundle')));
        self::assertFalse(QuorumBundle::isOne((string) VectorFile::take(VectorFile::cases('receipt')['valid-each'], 'receipt')));
        self::assertFalse(QuorumBundle::isOne(''));
    }
}
