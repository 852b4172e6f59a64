namespace CnnService.Web.Hosting;

/// <summary>
/// Commands of the executable by the first word of the command line. Without one, or with one of <see cref="StartWords"/>, the service
/// starts.
/// </summary>
internal sealed class Verbs : Dictionary<string, Func<string[], Task<int>>>
{
    private const int UnknownExitCode = 2;

    /// <summary>Runs the command and returns its exit code; null if the service should start.</summary>
    public async Task<int?> RunAsync(string[] args)
    {
        if (StoreVerbs.Mistake(args) is { } mistake)
        {
            await Console.Error.WriteLineAsync(mistake);
            return UnknownExitCode;
        }

        if (args.FirstOrDefault() is not { Length: > 0 } word || word[0] is '-' or '/' || StartWords.IsKnown(word))
        {
            return null;
        }

        if (args.Length > 1 && TryGetValue(word, out var run))
        {
            return await run(args[1..]);
        }

        await Console.Error.WriteLineAsync(
            $"CnnService does not know '{word}'; it takes settings (--urls=…), after one of the words {Quickstart.Verb}, "
            + $"{StartWords.Migrate}, {StartWords.Work}, {StartWords.Doctor}, {StoreVerbs.CopyStore}, {StoreVerbs.Backup} and "
            + $"{StoreVerbs.Restore} if wanted.");
        return UnknownExitCode;
    }
}
