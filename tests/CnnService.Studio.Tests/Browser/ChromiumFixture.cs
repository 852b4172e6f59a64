using Microsoft.Playwright;

namespace CnnService.Studio.Tests.Browser;

/// <summary>One Chromium for the tests of a class, started when the first of them asks for it.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private static readonly string[] Executables = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

    /// <summary>Far longer than the slowest machine under load takes: only what never comes reaches it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <summary>No GPU, no other host: only what is under test.</summary>
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A tab with nothing in its cache and storage; skips the running test, visibly, where there is no Chromium.</summary>
    /// <param name="address">Addresses in the test are relative to it.</param>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="height">Of the window, in pixels.</param>
    /// <param name="scheme">What the system prefers.</param>
    public async Task<IPage> OpenAsync(Uri address, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (Executables.FirstOrDefault(File.Exists) is not { } executable)
        {
            Assert.Skip($"needs {string.Join(" or ", Executables)}");
            return null!;
        }

        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = Flags });
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = address.AbsoluteUri,
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
        });
        context.SetDefaultTimeout((float)Limit.TotalMilliseconds);
        Assertions.SetDefaultExpectTimeout((float)Limit.TotalMilliseconds);
        return await context.NewPageAsync();
    }

    /// <inheritdoc />
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
