using System.CommandLine;
using CnnService.Cli;
using CnnService.Cli.Commands;

var root = new RootCommand("""
    Train, serve and look into convolutional networks on plain files, without a server. Settings of the engines are taken from the
    environment (Torch__LibraryPath) and from arguments (--Torch:LibraryPath=…).
    """)
{
    TrainCommand.Create(),
    InspectCommand.Create(),
    ImportCommand.Create(),
    StartsCommand.Create(),
    ClassifyCommand.Create(),
    PatternCommand.Create(),
    FeatureMapCommand.Create(),
    ExplainCommand.Create(),
    GalleryCommand.Create(),
    HealthCommand.Create(),
    DescribeCommand.Create(),
    DoctorCommand.Create(),
    KeyCommand.Create(),
};
return Engines.CheckSettings() is { } problem
    ? Engines.ReportProblem(problem)
    : await root.Parse(CommandLineSettings.RemoveSettings(args)).InvokeAsync();
