<?php

declare(strict_types=1);

namespace Plasm\Tests\Unit;

use PHPUnit\Framework\TestCase;
use Plasm\Exception\MalformedException;
use Plasm\Manifest;

final class ManifestTest extends TestCase
{
    public function testHasTheDefaultsOfTheFirstSystem(): void
    {
        $manifest = Manifest::fromWasmFile(__FILE__);
        self::assertSame('sha256:' . hash_file('sha256', __FILE__), $manifest->getModuleHash());
        self::assertSame(['0.1', 1, 128, 300], [$manifest->getVersion(), $manifest->getCpuCores(),
            $manifest->getMemoryMb(), $manifest->getTimeoutSeconds()]);
    }

    public function testReadsWhatItWrites(): void
    {
        $manifest = Manifest::fromWasmFile(__FILE__);
        $manifest->setCpuCores(64);
        $manifest->setMemoryMb(32_768);
        $manifest->setTimeoutSeconds(3600);
        self::assertEquals($manifest, Manifest::fromJson($manifest->toJson()));
    }

    public function testKeepsToItsRanges(): void
    {
        $manifest = Manifest::fromWasmFile(__FILE__);
        foreach ([[$manifest->setCpuCores(...), 64], [$manifest->setMemoryMb(...), 32_768],
            [$manifest->setTimeoutSeconds(...), 3600]] as [$set, $most]) {
            foreach ([0, -1, $most + 1, PHP_INT_MAX] as $value) {
                try {
                    $set($value);
                    self::fail("took $value");
                } catch (MalformedException $refused) {
                    self::assertStringContainsString("found $value", $refused->getMessage());
                }
            }
        }
    }

    /** @return iterable<string, array{string, string}> */
    public static function wrong(): iterable
    {
        yield 'a member missing' => ['"version":"0.1",', ''];
        yield 'a member more' => ['"cpu_cores"', '"more":1,"cpu_cores"'];
        yield 'a number as a string' => ['"cpu_cores":1', '"cpu_cores":"1"'];
        yield 'a fraction' => ['"cpu_cores":1', '"cpu_cores":1.0'];
        yield 'zero' => ['"cpu_cores":1', '"cpu_cores":0'];
        yield 'true' => ['"cpu_cores":1', '"cpu_cores":true'];
        yield 'a member twice' => ['"cpu_cores":1', '"cpu_cores":1,"cpu_cores":1'];
    }

    /** @dataProvider wrong */
    public function testRefusesOtherForms(string $from, string $to): void
    {
        $json = (string) preg_replace('/\s/', '', Manifest::fromWasmFile(__FILE__)->toJson());
        self::assertStringContainsString($from, $json);
        $this->expectException(MalformedException::class);
        Manifest::fromJson(str_replace($from, $to, $json));
    }

    public function testNamesAModuleThatIsNotThere(): void
    {
        $this->expectExceptionMessage('/nonexistent.wasm');
        Manifest::fromWasmFile('/nonexistent.wasm');
    }
}
