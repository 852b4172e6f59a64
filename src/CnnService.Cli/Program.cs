using CnnService.Cli.Commands;
using CnnService.Cli.Reporting;

return await CommandLine.RunAsync(args, CommandConsole.OfProcess(), CancellationToken.None);
