using CnnService.Torch.Native;

namespace CnnService.Engine.Tests.Torch.Native;

public sealed class ElfVersionPatcherTests
{
    [Fact]
    public void Weaken_ShippedBinding_ChangesOneFlagAndNothingElse()
    {
        var shipped = File.ReadAllBytes(Binding());
        var patched = (byte[])shipped.Clone();

        var offset = ElfVersionPatcher.MarkWeak(patched, PatchedBinding.SymbolVersion, PatchedBinding.Symbol);

        var changed = Enumerable.Range(0, shipped.Length).Where(i => shipped[i] != patched[i]).ToList();
        Assert.Equal([offset], changed);
        Assert.Equal(0, shipped[offset]);
        Assert.Equal(2, patched[offset]);
    }

    [Fact]
    public void Weaken_VersionThatOtherSymbolsBear_IsRefused()
    {
        var file = File.ReadAllBytes(Binding());
        var failure = Assert.Throws<BadImageFormatException>(() => ElfVersionPatcher.MarkWeak(file, "GLIBCXX_3.4", PatchedBinding.Symbol));
        Assert.Contains("needs the version too", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weaken_VersionNotNeeded_IsRefused()
    {
        var file = File.ReadAllBytes(Binding());
        Assert.Throws<BadImageFormatException>(() => ElfVersionPatcher.MarkWeak(file, "GLIBCXX_9.9.9", PatchedBinding.Symbol));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(4096)]
    public void Weaken_TornFile_IsRefused(int length)
    {
        var file = File.ReadAllBytes(Binding())[..length];
        Assert.Throws<BadImageFormatException>(() => ElfVersionPatcher.MarkWeak(file, PatchedBinding.SymbolVersion, PatchedBinding.Symbol));
    }

    [Fact]
    public void Ensure_CopyThatRotted_IsWrittenAgain()
    {
        var cache = Directory.CreateTempSubdirectory("cnnservice-native-");
        try
        {
            var path = PatchedBinding.Ensure(Binding(), cache.FullName);
            var whole = File.ReadAllBytes(path);
            File.WriteAllBytes(path, whole[..100]);

            Assert.Equal(path, PatchedBinding.Ensure(Binding(), cache.FullName));
            Assert.Equal(whole, File.ReadAllBytes(path));
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }

    private static string Binding()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The binding of this platform is no ELF file.");
        return Directory.GetFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories)[0];
    }
}
