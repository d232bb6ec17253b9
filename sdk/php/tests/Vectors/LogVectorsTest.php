<?php

declare(strict_types=1);

namespace Plasm\Tests\Vectors;

use PHPUnit\Framework\TestCase;
use Plasm\Encoding\Decimal;
use Plasm\Encoding\Moment;
use Plasm\Exception\MalformedException;
use Plasm\Log\Checkpoint;
use Plasm\Log\LoggedEntry;
use Plasm\Log\Merkle;
use Plasm\Log\Note;
use Plasm\Log\Policy;
use Plasm\Log\RefusedNoteException;
use Plasm\Log\Signed;
use Plasm\Log\Tile;
use Plasm\Log\VerifierKey;

final class LogVectorsTest extends TestCase
{
    public const KINDS = ['root', 'inclusion', 'consistency', 'vkey', 'note', 'checkpoint', 'cosignature', 'proof',
        'policy', 'tile-path', 'tiles', 'tile', 'bundle'];

    /** @return iterable<string, array{array<string, mixed>}> */
    public static function cases(): iterable
    {
        return VectorFile::provide('log');
    }

    /**
     * @dataProvider cases
     *
     * @param array<string, mixed> $case
     */
    public function testFindsTheOutcome(array $case): void
    {
        match ($case['kind']) {
            'root' => self::assertSame($case['root'], base64_encode(Merkle::root(self::leaves($case['size'])))),
            'inclusion' => self::checkInclusion($case),
            'consistency' => self::checkConsistency($case),
            'vkey' => self::checkKey($case),
            'note' => self::checkNote($case),
            'checkpoint' => self::checkCheckpoint($case),
            'cosignature' => self::checkCosignature($case),
            'proof' => self::checkProof($case),
            'policy' => self::checkPolicy($case),
            'tile-path' => self::assertSame(
                $case['path'],
                Tile::path($case['level'], $case['index'], $case['width']),
            ),
            'tiles' => self::checkTiles($case),
            'tile' => self::assertSame($case['tile_base64'], base64_encode(Tile::bytes(
                self::leaves((int) $case['size']),
                $case['level'],
                (int) $case['index'],
                $case['width'],
            ))),
            'bundle' => self::checkBundle($case),
            default => self::fail("{$case['kind']}: a kind that nobody runs"),
        };
    }

    /** @param array<string, mixed> $case */
    private static function checkInclusion(array $case): void
    {
        $index = Decimal::toInt($case['index']);
        $size = Decimal::toInt($case['size']);
        $root = $index === null || $size === null ? null
            : Merkle::rootFromInclusion($index, $size, self::bytes($case['leaf_hash']), self::hashes($case));
        self::assertSame($case['valid'], $root === self::bytes($case['root']), $case['why']);
    }

    /** @param array<string, mixed> $case */
    private static function checkConsistency(array $case): void
    {
        self::assertSame($case['valid'], Merkle::isConsistent(
            (int) $case['old_size'],
            self::bytes($case['old_root']),
            (int) $case['size'],
            self::bytes($case['root']),
            self::hashes($case),
        ), $case['why']);
    }

    /** @param array<string, mixed> $case */
    private static function checkKey(array $case): void
    {
        $key = self::orNull(static fn (): VerifierKey => VerifierKey::parse((string) VectorFile::take($case, 'vkey')));
        self::assertSame($case['valid'], $key !== null, $case['why']);
        if ($key instanceof VerifierKey) {
            self::assertSame(
                [$case['name_text'], $case['type'], $case['public_key'], $case['key_id']],
                [$key->name, $key->type, $key->key->hex(), bin2hex($key->id())],
            );
        }
    }

    /** @param array<string, mixed> $case */
    private static function checkNote(array $case): void
    {
        $keys = array_map(VerifierKey::parse(...), $case['verifiers']);
        [$outcome, $signed] = self::openNote((string) VectorFile::take($case, 'note'), $keys);
        $signers = array_values(array_unique(array_map(static fn (Signed $by): string => $by->by->name, $signed)));
        self::assertSame($case['outcome'], $outcome, $case['why']);
        self::assertEqualsCanonicalizing($case['signers'] ?? [], $signers);
    }

    /** @param array<string, mixed> $case */
    private static function checkCosignature(array $case): void
    {
        $note = VectorFile::take($case, 'text') . "\n" . VectorFile::take($case, 'line');
        [$outcome, $signed] = self::openNote($note, [VerifierKey::parse($case['witness'])]);
        self::assertSame($case['outcome'], $outcome, $case['why']);
        self::assertSame($case['time'] ?? null, $signed === [] ? null : (string) $signed[0]->time);
    }

    /** @param array<string, mixed> $case */
    private static function checkCheckpoint(array $case): void
    {
        $text = (string) VectorFile::take($case, 'text');
        $read = self::orNull(static fn (): Checkpoint => Checkpoint::parse($text));
        self::assertSame($case['valid'], $read !== null, $case['why']);
        if ($read instanceof Checkpoint) {
            self::assertSame(
                [$case['origin'], $case['size'], $case['root'], $case['extensions']],
                [$read->origin, (string) $read->size, base64_encode($read->root), $read->extensions],
            );
        }
    }

    /** @param array<string, mixed> $case */
    private static function checkProof(array $case): void
    {
        $policy = VectorFile::take($case, 'policy');
        $check = LoggedEntry::check(
            (string) VectorFile::take($case, 'proof'),
            (string) VectorFile::take($case, 'entry'),
            $case['origin'],
            [VerifierKey::parse($case['log'])->key],
            $policy === null ? null : Policy::parse($policy),
            Moment::parse($case['now']) ?? self::fail('no time'),
        );
        self::assertSame($case['outcome'], $check->outcome, $case['why'] . "\n" . $check->reason);
    }

    /** @param array<string, mixed> $case */
    private static function checkPolicy(array $case): void
    {
        $policy = self::orNull(static fn (): Policy => Policy::parse((string) VectorFile::take($case, 'policy')));
        self::assertSame($case['valid'], $policy !== null, $case['why']);
        if ($policy instanceof Policy) {
            foreach ($case['quorum'] as $set) {
                self::assertSame($set['satisfied'], $policy->isSatisfiedBy($set['witnesses']));
            }
        }
    }

    /** @param array<string, mixed> $case */
    private static function checkTiles(array $case): void
    {
        $expected = $found = [];
        foreach ($case['levels'] as $level) {
            $expected[] = ['full' => (int) $level['full'], 'partial' => $level['partial_width']];
            $found[] = Tile::ofLevel((int) $case['size'], $level['level']);
        }
        self::assertSame($expected, $found);
    }

    /** @param array<string, mixed> $case */
    private static function checkBundle(array $case): void
    {
        $entries = Tile::entries(self::bytes($case['bundle_base64']), self::bytes($case['tile_base64']), $case['width']);
        self::assertSame(
            $case['valid'] ? array_map(self::bytes(...), $case['entries_base64']) : null,
            $entries,
            $case['why'],
        );
    }

    /**
     * @param list<VerifierKey> $keys
     *
     * @return array{string, list<Signed>}
     */
    private static function openNote(string $note, array $keys): array
    {
        try {
            $signed = Note::parse($note)->signatures($keys);
        } catch (MalformedException) {
            return ['malformed', []];
        } catch (RefusedNoteException) {
            return ['refused', []];
        }

        return [$signed === [] ? 'unsigned' : 'verified', $signed];
    }

    private static function orNull(\Closure $read): ?object
    {
        try {
            return $read();
        } catch (MalformedException) {
            return null;
        }
    }

    /** @return list<string> */
    private static function leaves(int $size): array
    {
        return array_map(static fn (int $i): string => Merkle::leafHash("entry $i\n"), array_keys(array_fill(0, $size, 0)));
    }

    private static function bytes(string $base64): string
    {
        return (string) base64_decode($base64, true);
    }

    /**
     * @param array<string, mixed> $case
     *
     * @return list<string>
     */
    private static function hashes(array $case): array
    {
        return array_map(self::bytes(...), $case['hashes']);
    }
}
