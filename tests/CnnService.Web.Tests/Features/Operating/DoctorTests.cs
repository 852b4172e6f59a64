using CnnService.Tests.Shared;
using CnnService.Web.Tests.Artifacts;
using CnnService.Web.Tests.Persistence;

namespace CnnService.Web.Tests.Features.Operating;

/// <summary>The verb that tells what a service has and lacks, as a process.</summary>
/// <param name="postgres">The tests' own server.</param>
public sealed class DoctorTests(PostgresServer postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Doctor_OfAPlaceThatIsNotThereYet_LacksNothing_AndMakesNothing()
    {
        var (code, lines) = await RunAsync();

        Assert.Equal((0, "ok"), (code, State(lines, "torch")));
        Assert.Contains(lines, line => line.Contains("There is none yet: the first start makes it", StringComparison.Ordinal));
        Assert.Equal(["settings", "dataDirectory", "disk", "database", "torch", "starts", "serving"], Names(lines));
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task Doctor_BesideAService_TellsOfItsDatabase()
    {
        await using var service = await ServiceProcess.StartAsync(Data);
        var before = Directory.GetFileSystemEntries(Data).Order().ToArray();

        var (code, lines) = await RunAsync();

        Assert.Equal(0, code);
        Assert.Contains(lines, line => line.Contains("answers, in the form of this release", StringComparison.Ordinal));
        Assert.Equal(before, Directory.GetFileSystemEntries(Data).Order());
    }

    /// <summary>Nothing listens at the port of either, and a file is in the place of the data directory.</summary>
    [Fact]
    public async Task Doctor_WhereNothingAnswers_SaysOfEachWhatItIs()
    {
        await File.WriteAllTextAsync(Data, "in the way", TestContext.Current.CancellationToken);

        var (code, lines) = await RunAsync(
            "--ConnectionStrings:Postgres=Host=127.0.0.1;Port=1;Database=cnn;Username=cnn", "--Artifacts:Store=s3",
            "--Artifacts:S3:Endpoint=http://127.0.0.1:1", "--Artifacts:S3:Bucket=cnn", "--Artifacts:S3:AccessKey=a",
            "--Artifacts:S3:SecretKey=b", "--Uploads:Lifetime=soon");

        Assert.Equal(1, code);
        Assert.All(new[] { "settings", "dataDirectory", "database", "artifacts" }, name => Assert.Equal("lacks", State(lines, name)));
        Assert.Contains(lines, line => line.Contains("Uploads:Lifetime", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("the bucket 'cnn' at http://127.0.0.1", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("   at ", StringComparison.Ordinal));
    }

    [LongProof]
    [Fact]
    public async Task Doctor_OfAStore_TriesItAndLeavesNothingThere_AndTellsAWrongBucket()
    {
        await using var server = await S3Server.StartAsync();
        string[] settings = [$"--ConnectionStrings:Postgres={await postgres.NewDatabaseAsync()}", .. server.Arguments()];

        var (code, lines) = await RunAsync(settings);
        var (wrong, told) = await RunAsync([.. settings, "--Artifacts:S3:Bucket=another"]);

        Assert.Equal((0, "ok", 1, "lacks"), (code, State(lines, "artifacts"), wrong, State(told, "artifacts")));
        Assert.Contains(lines, line => line.Contains("'migrate'", StringComparison.Ordinal)); // The database is empty.
        Assert.Contains(told, line => line.Contains("NoSuchBucket", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Names(IEnumerable<string> lines) =>
        lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

    private static string State(IEnumerable<string> lines, string name) =>
        lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Single(words => words[1] == name)[0];

    private async Task<(int Code, string[] Lines)> RunAsync(params string[] settings)
    {
        var (code, output) = await ServiceProcess.RunAsync(Data, ["doctor", .. settings]);
        return (code, [.. output.Split('\n').Where(line => line.StartsWith("ok ", StringComparison.Ordinal)
            || line.StartsWith("lacks ", StringComparison.Ordinal) || line.StartsWith("   at ", StringComparison.Ordinal))]);
    }
}
