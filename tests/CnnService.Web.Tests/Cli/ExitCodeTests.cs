extern alias cli;

using cli::CnnService.Cli.Reporting;
using CnnService.Core.Common;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Cli;

/// <summary>What the shell is told, and that the manual tells the same.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(0, "describe", "lenet5")]
    [InlineData(0, "classify", "--help")]
    [InlineData(2, "describe", "lenet6")]
    [InlineData(2, "train", "shapes")]
    [InlineData(2, "explain", "model", "image.png", "--theme", "blue")]
    [InlineData(2, "gallery", "pets", "--url", "localhost")]
    [InlineData(3, "classify", "/nowhere", "/nowhere.png")]
    [InlineData(3, "inspect", "/nowhere.zip")]
    [InlineData(3, "starts", "resnet9000")]
    public async Task Exit_Of_IsTheOneOfTheManual(int code, params string[] arguments) =>
        Assert.Equal(code, (await CommandLineRun.RunAsync(arguments)).ExitCode);

    [Fact]
    public async Task Exit_OfAFileThatIsNoImage_IsFailure()
    {
        var path = Path.Combine(_folder.Path, "birds.zip");
        await File.WriteAllTextAsync(path, "no zip", TestContext.Current.CancellationToken);

        Assert.Equal(1, (await CommandLineRun.RunAsync("inspect", path)).ExitCode);
    }

    [Fact]
    public async Task Exit_OfWhatWasStopped_IsThatOfAnInterrupt()
    {
        var stopped = await CommandLineRun.RunAsync(false, [], ["inspect", "shapes", "--json"], new CancellationToken(canceled: true));

        Assert.Equal(130, stopped.ExitCode);
        Assert.Equal("command.stopped", stopped.Json.GetProperty("problem").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(ProblemKind.Invalid, 2)]
    [InlineData(ProblemKind.NotFound, 3)]
    [InlineData(ProblemKind.Conflict, 4)]
    [InlineData(ProblemKind.Unauthorized, 5)]
    [InlineData(ProblemKind.Forbidden, 5)]
    [InlineData(ProblemKind.Unavailable, 6)]
    [InlineData(ProblemKind.Timeout, 6)]
    [InlineData(ProblemKind.TooMany, 6)]
    [InlineData(ProblemKind.Unprocessable, 1)]
    [InlineData(ProblemKind.StorageFull, 1)]
    public void Of_AKindOfProblem_IsItsCode(ProblemKind kind, int code) => Assert.Equal(code, ExitCodes.Of(kind));

    [Fact]
    public async Task Manual_AndHelp_TellEachCode()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "src", "docs", "command-line.md"), TestContext.Current.CancellationToken);
        var help = (await CommandLineRun.RunAsync("--help")).Output.ReplaceLineEndings(" ");

        Assert.All(ExitCodes.All, code =>
        {
            Assert.Contains($"| {code.Code} | {code.Meaning} |", page, StringComparison.Ordinal);
            Assert.Contains($"{code.Code} {code.Meaning.Split(' ')[0]}", help, StringComparison.Ordinal);
        });
    }

    public void Dispose() => _folder.Dispose();
}
