<?php

declare(strict_types=1);

namespace Plasm\Tests\Vectors;

use PHPUnit\Framework\TestCase;
use Plasm\Document\JobManifest;
use Plasm\Document\ManifestText;
use Plasm\Document\TreeText;
use Plasm\Exception\MalformedException;

final class JobVectorsTest extends TestCase
{
    public const KINDS = ['manifest', 'tree', 'default-seed'];

    /** @return iterable<string, array{array<string, mixed>}> */
    public static function manifests(): iterable
    {
        return VectorFile::provide('job', ['manifest']);
    }

    /** @return iterable<string, array{array<string, mixed>}> */
    public static function trees(): iterable
    {
        return VectorFile::provide('job', ['tree']);
    }

    /** @return iterable<string, array{array<string, mixed>}> */
    public static function seeds(): iterable
    {
        return VectorFile::provide('job', ['default-seed']);
    }

    /**
     * @dataProvider manifests
     *
     * @param array<string, mixed> $case
     */
    public function testTakesOrRefusesTheManifest(array $case): void
    {
        $text = (string) VectorFile::take($case, 'manifest');
        if (!$case['valid']) {
            $this->expectException(MalformedException::class);
        }
        $manifest = JobManifest::parse($text);
        self::assertSame($case['digest'], hash('sha256', $text));
        // What is written again says the same.
        self::assertEquals($manifest, JobManifest::parse(ManifestText::of($manifest)));
    }

    /**
     * @dataProvider trees
     *
     * @param array<string, mixed> $case
     */
    public function testFindsTheTreeDigest(array $case): void
    {
        if (!$case['valid']) {
            $this->expectException(MalformedException::class);
        }
        $files = $links = [];
        foreach ($case['files'] as $file) {
            $files[VectorFile::take($file, 'path')] = hash('sha256', (string) VectorFile::take($file, 'content'));
        }
        foreach ($case['links'] as $link) {
            $links[VectorFile::take($link, 'path')] = (string) VectorFile::take($link, 'target');
        }
        $folders = array_map(
            static fn (array $folder): string => (string) VectorFile::take($folder, 'path'),
            $case['empty_folders'],
        );
        $text = TreeText::of($files, $links, $folders);
        self::assertSame($case['tree'], hash('sha256', $text->tree));
        self::assertSame($case['layout'] ?? null, $text->layout === null ? null : hash('sha256', $text->layout));
    }

    /**
     * @dataProvider seeds
     *
     * @param array<string, mixed> $case
     */
    public function testDerivesTheSeed(array $case): void
    {
        $manifest = JobManifest::parse((string) VectorFile::take($case, 'manifest'));
        self::assertSame($case['seed'], ManifestText::defaultSeed($manifest));
    }
}
