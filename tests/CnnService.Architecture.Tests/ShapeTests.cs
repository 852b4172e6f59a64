using CnnService.Architecture.Tests.Rules;

namespace CnnService.Architecture.Tests;

/// <summary>A7, A9, A11: the shape of types and files.</summary>
public class ShapeTests
{
    [Fact]
    public void A7_ConcreteClassesOutsideCore_AreSealed() =>
        Assert.Empty(Product.All.Except([Product.Core]).SelectMany(assembly => TypeRules.Sealed(assembly.GetTypes())));

    [Fact]
    public void A7_GuiltyClass_IsCaught() => Assert.NotEmpty(TypeRules.Sealed([typeof(Guilty.Persistence.UnsealedClass)]));

    [Fact]
    public void A9_Options_HaveSectionDefaultsAndValidation() =>
        Assert.Empty(Product.All.SelectMany(assembly => TypeRules.Options(assembly.GetTypes())));

    [Fact]
    public void A9_GuiltyOptions_AreCaught() => Assert.Equal(3, TypeRules.Options([typeof(Guilty.Shape.LawlessOptions)]).Count);

    [Fact]
    public void A9_GuiltyDefault_IsCaught() => Assert.Single(TypeRules.Options([typeof(Guilty.Shape.EmptyOptions)]));

    [Fact]
    public void A9_Options_AreCheckedAtStart() => Assert.Empty(SourceRules.UncheckedOptions(
        Product.All.SelectMany(assembly => assembly.GetTypes()).Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
        .Select(type => type.Name),
        Product.Sources().Where(source => source.Name.StartsWith("src/", StringComparison.Ordinal)).Select(source => source.Text)));

    [Fact]
    public void A9_GuiltyStart_IsCaught() => Assert.Single(SourceRules.UncheckedOptions(
        ["CheckedOptions", "UncheckedOptions"],
        ["class C { void M() { s.AddOptions<CheckedOptions>().ValidateOnStart(); s.AddOptions<UncheckedOptions>(); } }"]));

    [Fact]
    public void A11_FilesAndMethods_AreShort()
    {
        var sources = Product.Sources().ToArray();
        Assert.True(sources.Length > 50, $"only {sources.Length} source files found under {Product.Root()}");
        Assert.Empty(sources.SelectMany(source => SourceRules.Lengths(source.Name, source.Text)));
    }

    [Fact]
    public void A11_GuiltySource_IsCaught()
    {
        var method = "class C { void M()\n{\n" + string.Concat(Enumerable.Repeat("M();\n", SourceRules.MaxMethodLines)) + "} }\n";
        Assert.Single(SourceRules.Lengths("long-method.cs", method));
        Assert.Single(SourceRules.Lengths("long-file.cs", string.Concat(Enumerable.Repeat("// line\n", SourceRules.MaxFileLines + 1))));
    }

    [Fact]
    public void A11_Lines_KeepToTheLengthOfEditorConfig()
    {
        var max = SourceRules.MaxLineLength(File.ReadAllText(Path.Combine(Product.Root(), ".editorconfig")));
        Assert.InRange(max, 80, 140);
        Assert.Empty(Product.Sources().SelectMany(source => SourceRules.LineLengths(source.Name, source.Text, max)));
    }

    [Fact]
    public void A11_GuiltyLine_IsCaught()
    {
        var max = SourceRules.MaxLineLength("[*]\nmax_line_length = 100\n");
        Assert.Equal(100, max);
        Assert.Single(SourceRules.LineLengths("long-line.cs", $"{new string('x', 101)}\n{new string('x', 100)}\n", max));
        Assert.Empty(SourceRules.LineLengths("data.cs", $"class C {{ string json = \"\"\"{new string('x', 101)}\"\"\"; }}\n", max));
    }
}
