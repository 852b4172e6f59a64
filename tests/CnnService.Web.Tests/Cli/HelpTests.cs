namespace CnnService.Web.Tests.Cli;

/// <summary>Help tells names as they are typed, and a mistake is met with the name that was meant.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("explain", "grad-cam, grad-cam++, hires-cam", "overlay, heat or side", "light or dark")]
    [InlineData("train", "labelStudio", "article (the default) or quick", "--force")]
    [InlineData("health", "predictions or features", "labelStudio")]
    public async Task Help_OfAVerb_ListsTheNamesOfTheApi(string verb, params string[] names)
    {
        var help = await CommandLineRun.RunAsync(verb, "--help");

        var text = string.Join(' ', help.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)); // Lines are broken anywhere.
        Assert.All(names, name => Assert.Contains(name, text, StringComparison.Ordinal));
        Assert.DoesNotContain("Heatmap", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<Dark|Light>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[default: Side]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_ThatIsNone_IsRefusedWithThoseThatAre()
    {
        var refused = await CommandLineRun.RunAsync("explain", "model", "image.png", "--view", "Heatmap");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--view must be overlay, heat or side, received \"Heatmap\".", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Option_MisspeltByALetter_IsTold()
    {
        var refused = await CommandLineRun.RunAsync("train", "shapes", "--out", "/nowhere/model", "--epoch", "3");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("Did you mean --epochs?", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("'cnn train --help' tells what can be given.", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Option_ThatIsNone_IsNotTakenForAFile()
    {
        var refused = await CommandLineRun.RunAsync("classify", "/nowhere", "rex.jpg", "--topp", "3");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("There is no option --topp. Did you mean --top?", refused.Errors, StringComparison.Ordinal);
    }
}
