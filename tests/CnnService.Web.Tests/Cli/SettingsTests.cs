namespace CnnService.Web.Tests.Cli;

/// <summary>cnn takes the settings of the engines as the service does.</summary>
public sealed class SettingsTests : IDisposable
{
    private const string Rule = "Torch:LibraryPath must name an existing folder or be empty, received '/nowhere'.";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Setting_AmongTheArguments_IsChecked()
    {
        var (code, _, errors) = await CliProcess.RunAsync(_folder.Path, "import", "none.onnx", "--out", "model",
            "--Torch:LibraryPath=/nowhere");

        Assert.Equal((2, $"settings.invalid: {Rule}"), (code, errors.Trim()));
    }

    [Fact]
    public async Task Setting_OfTheEnvironment_IsCheckedAndGivesWayToAnArgument()
    {
        var environment = new Dictionary<string, string> { ["Torch__LibraryPath"] = "/nowhere" };

        var refused = await CliProcess.RunAsync(_folder.Path, environment, ["import", "none.onnx", "--out", "model"]);
        var overruled = await CliProcess.RunAsync(_folder.Path, environment,
            ["import", "none.onnx", "--out", "model", "--Torch:LibraryPath="]);

        Assert.Contains(Rule, refused.Errors, StringComparison.Ordinal);
        Assert.StartsWith("file.not-found", overruled.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
