using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Core.Tests.Datasets.Layouts;

public sealed class LayoutFieldsTests
{
    private static readonly DatasetImport Import = new() { Name = "x", Origin = DatasetOrigin.Archive, Source = "a.zip", Folder = "" };

    [Theory]
    [InlineData(null, null)]
    [InlineData("auto", null)]
    [InlineData("table", LayoutKind.Table)]
    [InlineData("Folders", LayoutKind.Folders)]
    public void ApplyTo_SoundFields_SetsThem(string? layout, LayoutKind? kind)
    {
        var errors = new ValidationErrors();

        var import = new LayoutFields(layout, null, "cp866", MergeCase: false).ApplyTo(Import, errors);

        Assert.False(errors.Any);
        Assert.Equal(Import with { NameEncoding = "cp866", Layout = new() { Kind = kind, MergeCase = false } }, import);
    }

    [Fact]
    public void ApplyTo_FieldsThatBreakTheirRules_NamesThemAll()
    {
        var errors = new ValidationErrors();

        new LayoutFields("kaggle", "([", "klingon", null).ApplyTo(Import, errors);

        Assert.Equal(["layout", "nameEncoding", "namePattern"], errors.ToDictionary().Keys.Order(StringComparer.Ordinal));
        Assert.Contains("received \"kaggle\"", errors.ToDictionary()["layout"][0], StringComparison.Ordinal);
    }

    [Fact]
    public void ApplyTo_APatternForAnotherLayoutThanNames_IsRefused()
    {
        var errors = new ValidationErrors();

        new LayoutFields("folders", @"(?<label>[a-z]+)_\d+", null, null).ApplyTo(Import, errors);

        Assert.Equal("goes with layout=names, received layout=folders", Assert.Single(errors.ToDictionary()["namePattern"]));
    }

    [Theory]
    [InlineData("cp866", "AAAEE2", "кот")]
    [InlineData("CP437", "82", "é")]
    [InlineData("shift_jis", "944C", "猫")]
    [InlineData("iso-2022-jp", "1B2442472D1B2842", "猫")]
    [InlineData("windows-1252", "E9", "é")]
    public void NameEncodings_AnEncodingByItsUsualName_Decodes(string name, string bytes, string text) =>
        Assert.Equal(text, NameEncodings.Find(name).Value.GetString(Convert.FromHexString(bytes)));

    [Theory]
    [InlineData("")]
    [InlineData("cp")]
    [InlineData("cp99999999999")]
    [InlineData("utf-7")] // Off in .NET, since its text can be read as something else.
    [InlineData("utf-16")] // No archive's names are in these.
    [InlineData("IBM037")]
    [InlineData("klingon")]
    public void NameEncodings_Others_AreRefused(string name) => Assert.Equal("request.invalid", NameEncodings.Find(name).Problem?.Code);

    [Fact]
    public void NameEncodings_BytesThatAreNotInIt_Throw() => Assert.Throws<DecoderFallbackException>(
        () => NameEncodings.Find("shift_jis").Value.GetString([0x81]));
}
