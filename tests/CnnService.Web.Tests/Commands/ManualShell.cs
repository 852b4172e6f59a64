using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CnnService.Web.Tests.Commands;

/// <summary>
/// A bash that keeps its variables from one command of a page to the next, in a folder of its own. There, <c>curl</c> fails where the
/// service refuses, and what the pages run from the sources is the program that was built beside this assembly.
/// </summary>
internal sealed class ManualShell : IAsyncDisposable
{
    private const string Mark = "@@ended ";

    private const string Prelude = """
        set -o pipefail
        curl() { command curl --fail-with-body --clobber -sS --max-time 600 "$@"; }
        cnn() { command dotnet "$BUILT/cnn.dll" "$@"; }
        dotnet() {
          case "$*" in
            "run -c Release --project src/CnnService.Cli -- "*) shift 6; cnn "$@" ;;
            "run -c Release --project src/CnnService.Web"*) shift 5; [ "$1" = -- ] && shift; web "$@" ;;
            *) echo "not known here: dotnet $*"; return 9 ;;
          esac
        }
        web() { # Starts the service, waits for what it says, and stops it.
          local said='Now listening on' data; data=$(mktemp -d -p .)
          [ "$1" = quickstart ] && said='The service goes on'
          command dotnet "$BUILT/CnnService.Web.dll" "$@" --DataDirectory="$PWD/$data" --urls=http://127.0.0.1:0 > web.log 2>&1 &
          local id=$!
          while ! grep -q "$said" web.log; do
            kill -0 $id 2>/dev/null || { cat web.log; wait $id; return; }
            sleep .2
          done
          kill $id; wait $id
        }

        """;

    private readonly Process _bash;

    private ManualShell(Process bash) => _bash = bash;

    public static async Task<ManualShell> StartAsync(string folder)
    {
        var start = new ProcessStartInfo("bash", ["--noprofile", "--norc"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        start.Environment["BUILT"] = AppContext.BaseDirectory;
        var shell = new ManualShell(Process.Start(start)!);
        await shell._bash.StandardInput.WriteAsync("exec 2>&1\n" + Prelude);
        return shell;
    }

    /// <summary>Runs a command; answers what it wrote and its exit code.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string command)
    {
        await _bash.StandardInput.WriteAsync($"{{\n{command}\n}} </dev/null\nprintf '\\n{Mark}%s\\n' $?\n");
        await _bash.StandardInput.FlushAsync();
        var output = new StringBuilder();
        while (await _bash.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                return (int.Parse(line[Mark.Length..], CultureInfo.InvariantCulture), output.ToString().Trim());
            }

            output.Append(line).Append('\n');
        }

        return (-1, output.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        _bash.StandardInput.Close();
        if (!_bash.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _bash.Kill(entireProcessTree: true);
        }

        await _bash.WaitForExitAsync();
        _bash.Dispose();
    }
}
