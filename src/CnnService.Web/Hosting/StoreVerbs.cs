using System.Data.Common;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence.Copying;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting;

/// <summary>
/// The verbs that copy all that a service keeps, and end: <c>copy-store</c> from the place of the settings to that of the settings below
/// <c>To</c>, while nobody works on it; <c>backup FOLDER</c> to a new data directory, while a service may; <c>restore FOLDER</c> from one
/// to the place of the settings.
/// </summary>
internal static class StoreVerbs
{
    public const string CopyStore = "copy-store";

    public const string Backup = "backup";

    public const string Restore = "restore";

    private const string Setting = "StoreVerb";
    private const string FolderSetting = Setting + ":Folder";
    private const string To = "To";

    private const int FailedExitCode = 1;

    /// <summary>The copy is complete, and so are its source's faults.</summary>
    private const int FaultyExitCode = 3;

    public static bool IsKnown(string word) => word is CopyStore or Backup or Restore;

    /// <summary>Why the command line is none, in a sentence; null if it may be one.</summary>
    public static string? Mistake(string[] args) => args switch
    {
        [Backup or Restore, .. var rest] when rest is not [{ Length: > 0 } folder, ..] || folder[0] == '-' =>
            $"'{args[0]}' takes a folder: {args[0]} FOLDER, and then settings.",
        [Backup or Restore, _, { Length: > 0 } more, ..] when more[0] != '-' => $"'{args[0]}' takes one folder, and then settings.",
        _ => null,
    };

    /// <summary>The words as settings.</summary>
    public static IEnumerable<string> ToSettings(string word, string[] rest) => word == CopyStore
        ? [$"--{Setting}={word}", .. rest]
        : [$"--{Setting}={word}", $"--{FolderSetting}={rest[0]}", .. rest[1..]];

    public static bool IsAsked(IConfiguration configuration) => configuration[Setting] is { } word && IsKnown(word);

    /// <summary>Copies; returns the exit code.</summary>
    public static async Task<int> RunAsync(WebApplication app)
    {
        var word = app.Configuration[Setting]!;
        try
        {
            app.Services.GetService<IStartupValidator>()?.Validate();
            await using var other = CopyPlace.Open(Other(app.Configuration, word));
            var (own, there) = (new CopyPlace(app.Services), new CopyPlace(other));
            var copy = word == Restore ? new StoreCopy(there, own, Console.Out) : new StoreCopy(own, there, Console.Out);
            var faults = await copy.RunAsync(isLive: word != CopyStore, CancellationToken.None);
            foreach (var fault in faults)
            {
                await Console.Error.WriteLineAsync(fault);
            }

            return faults.Count == 0 ? 0 : FaultyExitCode;
        }
        catch (Exception failure) when (failure is StartRefusedException or OptionsValidationException or IUnavailable or IOException
            or UnauthorizedAccessException or DbException || ServiceHost.IsWrongSetting(failure))
        {
            await Console.Error.WriteLineAsync($"'{word}' failed: {failure.Message}");
            return FailedExitCode;
        }
    }

    private static IConfiguration Other(IConfiguration configuration, string word)
    {
        if (word != CopyStore)
        {
            return new ConfigurationBuilder()
                .AddInMemoryCollection([new(DataFolders.Setting, Path.GetFullPath(configuration[FolderSetting]!))]).Build();
        }

        var to = configuration.GetSection(To);
        return to[DataFolders.Setting] is { Length: > 0 }
            ? to
            : throw new StartRefusedException(
                $"It is not said where to. Give --{To}:{DataFolders.Setting}=FOLDER, and --{To}:ConnectionStrings:Postgres=… and "
                + $"--{To}:Artifacts:… if wanted.");
    }
}
