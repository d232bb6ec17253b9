<?php

declare(strict_types=1);

namespace Plasm\Tests\Vectors;

use PHPUnit\Framework\TestCase;

/** That the other tests of this folder run every case there is, and that there are some. */
final class CoverageTest extends TestCase
{
    // More may come; fewer would mean that the folder is not the one that is meant.
    private const AT_LEAST = ['card' => 112, 'job' => 196, 'log' => 324, 'quorum' => 81, 'receipt' => 467, 'trust' => 46];

    public function testEveryFileOfVectorsHasATest(): void
    {
        $paths = glob(VectorFile::folder() . '/*.json') ?: [];
        $files = array_map(static fn (string $path): string => basename($path, '.json'), $paths);
        self::assertEqualsCanonicalizing(array_keys(self::AT_LEAST), $files);
    }

    public function testEveryCaseIsProvided(): void
    {
        $provided = [
            'card' => CardVectorsTest::cases(),
            'job' => (static function (): iterable {
                yield from JobVectorsTest::manifests();
                yield from JobVectorsTest::trees();
                yield from JobVectorsTest::seeds();
            })(),
            'log' => LogVectorsTest::cases(),
            'quorum' => QuorumVectorsTest::cases(),
            'receipt' => ReceiptVectorsTest::cases(),
            'trust' => TrustVectorsTest::cases(),
        ];
        foreach ($provided as $name => $cases) {
            $names = array_keys(iterator_to_array($cases));
            self::assertEqualsCanonicalizing(array_keys(VectorFile::cases($name)), $names, $name);
            self::assertGreaterThanOrEqual(self::AT_LEAST[$name], count($names), $name);
        }
    }

    public function testEveryKindHasARunner(): void
    {
        foreach (['job' => JobVectorsTest::KINDS, 'log' => LogVectorsTest::KINDS] as $name => $kinds) {
            $found = array_unique(array_column(VectorFile::cases($name), 'kind'));
            self::assertEqualsCanonicalizing($kinds, array_values($found));
        }
    }
}
