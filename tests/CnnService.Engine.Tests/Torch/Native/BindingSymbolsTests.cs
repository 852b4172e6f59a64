using System.Runtime.InteropServices;
using CnnService.Torch.Native;

namespace CnnService.Engine.Tests.Torch.Native;

public sealed class BindingSymbolsTests
{
    /// <summary>Counted with "nm -D --undefined-only" of binutils, less those that libstdc++, libm, libgcc and libc define.</summary>
    private const int NeededOfTorchSharp = 1314;
    private const int OfLibtorch = 1204;

    [Fact]
    public void Needed_OfTheShippedBinding_AreThoseThatNmLists()
    {
        var needed = Needed();

        Assert.Equal(NeededOfTorchSharp, needed.Count);
        Assert.Equal(821, needed.Count(name => name.StartsWith("_ZN2at4_ops", StringComparison.Ordinal)));
        Assert.DoesNotContain("__gmon_start__", needed); // Weak.
    }

    [Fact]
    public void Missing_OfTheLibtorchItIsMadeFor_IsNone()
    {
        var folder = Path.GetDirectoryName(Find("libtorch_cpu.so"))!;
        string[] names = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];
        nint[] libraries = [.. names.Select(name => NativeLibrary.Load(Path.Combine(folder, name)))];

        Assert.Empty(BindingSymbols.Missing(Needed(), libraries));
    }

    [Fact]
    public void Missing_WithoutLibtorch_IsAllOfIt()
    {
        var missing = BindingSymbols.Missing(Needed(), [NativeLibrary.Load("libstdc++.so.6")]);

        Assert.Equal(OfLibtorch, missing.Count);
        Assert.All(missing, name => Assert.Matches("2at|3c10|5torch|6caffe2", name));
    }

    [Theory]
    [InlineData("_ZN2at4_ops10add_Tensor4callERKNS_6TensorES4_RKN3c106ScalarE", "at::_ops::add_Tensor::call")]
    [InlineData("_ZNK2at10TensorBase11__dispatch_EvE", "at::TensorBase::__dispatch_")]
    [InlineData("_ZTIN3c105ErrorE", "_ZTIN3c105ErrorE")]
    [InlineData("_ZN2at99shortE", "_ZN2at99shortE")]
    [InlineData("memcpy", "memcpy")]
    public void Readable_IsTheNameInTheSource(string symbol, string name) => Assert.Equal(name, BindingSymbols.Readable(symbol));

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(4096)]
    public void Needed_OfATornFile_IsRefused(int length)
    {
        var file = File.ReadAllBytes(Find("libLibTorchSharp.so"))[..length];
        Assert.Throws<BadImageFormatException>(() => BindingSymbols.Needed(file));
    }

    [Fact]
    public void Sentence_ForMany_NamesSomeAndKeepsAll()
    {
        var symbols = Enumerable.Range(10, 20).Select(i => $"_ZN2at4_ops2{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}4callE").ToArray();
        var failure = new MissingSymbolsException("/torch/lib", "2.11.0", symbols);

        Assert.StartsWith("The libtorch 2.11.0 in /torch/lib lacks 20 of the functions that TorchSharp 0.107.0 calls: at::_ops::ak::call, ",
            failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(" and 8 more.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(20, failure.Symbols.Count);
    }

    private static IReadOnlyList<string> Needed() => BindingSymbols.Needed(File.ReadAllBytes(Find("libLibTorchSharp.so")));

    private static string Find(string library)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The libraries of this platform are no ELF files.");
        return Directory.GetFiles(AppContext.BaseDirectory, library, SearchOption.AllDirectories)[0];
    }
}
