using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Tests.Models.Import;

public sealed class ImportFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<byte[], string> Refused => new()
    {
        { "PK\u0003\u0004"u8.ToArray(), "an archive" },
        { [0x80, 0x02, 0x63], "a Python pickle" },
        { [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D], "HDF5" },
        { [0x1F, 0x8B, 8], "compressed" },
        { [], "empty" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void FormatOf_ProgramInDisguise_IsRefusedWithAdvice(byte[] start, string what)
    {
        var problem = FormatOf(start).Problem!;

        Assert.Equal((ProblemKind.UnsupportedMedia, "model.unsupported-format"), (problem.Kind, problem.Code));
        Assert.Contains(what, problem.Detail, StringComparison.Ordinal);
        Assert.Contains("torch.onnx.export", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void FormatOf_LengthAndBrace_IsSafetensors() =>
        Assert.Equal("safetensors", FormatOf([2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']).Value);

    [Fact]
    public void FormatOf_FieldTags_AreOnnx() =>
    Assert.Equal("onnx", FormatOf([0x08, 0x08, 0x12, 0x02, 0x08, 0x08, 0x12, 0x02, (byte)'{']).Value);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("red\nblue\n")]
    [InlineData("{\"layers\": []}")]
    [InlineData("\tä\r\n")]
    public void FormatOf_Text_IsRefusedAsNeither(string text)
    {
        var problem = FormatOf(Encoding.UTF8.GetBytes(text)).Problem!;

        Assert.Equal((ProblemKind.UnsupportedMedia, "model.unsupported-format"), (problem.Kind, problem.Code));
        Assert.Contains("text, neither ONNX nor safetensors", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void FormatOf_TextCutWithinALetter_IsText() =>
    Assert.False(FormatOf(Encoding.UTF8.GetBytes(new string('x', 511) + "äää")).Succeeded);

    private Outcome<string> FormatOf(byte[] content)
    {
        var path = _folder["file"];
        File.WriteAllBytes(path, content);
        return ImportFile.DetectFormat(path);
    }
}
