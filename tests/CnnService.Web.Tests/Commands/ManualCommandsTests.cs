using System.Diagnostics;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Commands;

/// <summary>Every command of the README and the manual, as it stands there.</summary>
public sealed class ManualCommandsTests(ManualWorld world) : IClassFixture<ManualWorld>
{
    public static TheoryData<string> Pages => [.. ManualCommand.Pages.Where(page => ManualCommand.Of(page).Any(IsRun))];

    [Theory]
    [MemberData(nameof(Pages))]
    [LongProof]
    public async Task Commands_OfAPage_Succeed(string page)
    {
        Assert.SkipUnless(new[] { "bash", "curl", "jq", "openssl" }.All(IsInstalled), "needs bash, curl, jq and openssl");
        var failed = new List<string>();
        await world.BeginPageAsync();
        await using var shell = await ManualShell.StartAsync(world.Files);
        foreach (var command in ManualCommand.Of(page).Where(IsRun))
        {
            var clock = Stopwatch.StartNew();
            var (code, output) = await shell.RunAsync(await world.PrepareAsync(command.Text));
            TestContext.Current.TestOutputHelper!.WriteLine($"{clock.Elapsed.TotalSeconds,6:F1} s  {code}  {command}");
            if (code != 0)
            {
                failed.Add($"{command}\n  exit {code}: {output[..Math.Min(output.Length, 1500)]}");
            }
            else
            {
                await world.SettleAsync(command.Text, output);
            }
        }

        Assert.True(failed.Count == 0, string.Join("\n\n", failed));
    }

    private static bool IsRun(ManualCommand command) => NotRun.Reason(command) is null;

    private static bool IsInstalled(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
