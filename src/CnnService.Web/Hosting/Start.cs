using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting;

/// <summary>Runs the service; settings that it cannot start with end in one sentence and exit code 1, not in a stack trace.</summary>
internal static class Start
{
    private const int Refused = 1;

    public static async Task<int> RunAsync(Func<WebApplication> build)
    {
        try
        {
            await using var app = build();
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (Exception failure) when (Sentence(failure) is { } sentence)
        {
            await Console.Error.WriteLineAsync($"The service does not start: {sentence}");
            return Refused;
        }
    }

    private static string? Sentence(Exception failure) => failure switch
    {
        StartRefusedException => failure.Message,
        OptionsValidationException invalid => string.Join(' ', invalid.Failures),
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } => failure.Message,
        _ => null,
    };
}
