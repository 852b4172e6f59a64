using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Tests.Hosting;

/// <summary>Logging:Format.</summary>
public class ConsoleLogTests
{
    [Fact]
    public async Task Json_IsOneObjectALine_WithUtcTimeAndScopes()
    {
        await using var service = new CnnServiceApplication(new() { ["Logging:Format"] = "json" });
        var name = service.Services.GetRequiredService<IOptionsMonitor<ConsoleLoggerOptions>>().CurrentValue.FormatterName;
        var formatter = service.Services.GetServices<ConsoleFormatter>().Single(one => one.Name == name);
        var scopes = new LoggerExternalScopeProvider();
        using var scope = scopes.Push(new Dictionary<string, object> { ["RequestId"] = "asked-1", ["RunId"] = "run-1" });
        using var text = new StringWriter();

        formatter.Write(
            new LogEntry<string>(LogLevel.Warning, "CnnService.Some", default, "two\nlines \u001b[31m", null, (state, _) => state), scopes,
            text);

        var line = Assert.Single(text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain('\u001b', line);
        var entry = JsonSerializer.Deserialize<JsonElement>(line);
        Assert.Equal(("Warning", "CnnService.Some", "two\nlines \u001b[31m"), (Text("LogLevel"), Text("Category"), Text("Message")));
        Assert.Matches(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z", Text("Timestamp"));
        var age = TimeProvider.System.GetUtcNow()
            - DateTimeOffset.Parse(Text("Timestamp")!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(age, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(1));
        Assert.Equal("asked-1 run-1",
            $"{entry.GetProperty("Scopes")[0].GetProperty("RequestId")} {entry.GetProperty("Scopes")[0].GetProperty("RunId")}");
        string? Text(string field) => entry.GetProperty(field).GetString();
    }
}
