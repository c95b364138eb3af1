//! `antigravity`: reads arguments and the environment, and puts the parts together.

mod adapter;
mod args;
mod bench;
mod capture;
mod certificate;
mod clock;
mod components;
mod contract;
mod demo;
mod doctor;
mod failure;
mod fair;
mod finding;
mod identity;
mod opportunities;
mod packages;
mod person;
mod places;
mod progress;
mod replay;
mod run;
mod table;

use args::{Arguments, Command};
use clap::Parser;
use failure::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = places::log_filter();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| person::Log).with_target(false).init();
    match run(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(options) => demo::run(&options),
        Command::Replay(options) => replay::run(&options),
        Command::Run(options) => run::run(&options),
        Command::Adapter(command) => adapter::run(&command),
        Command::Capture(command) => capture::run(&command),
        Command::Certificate(command) => certificate::run(&command),
        Command::Identity(command) => identity::run(&command),
        Command::Contract(command) => contract::run(&command),
        Command::Doctor(options) => doctor::run(&options),
        Command::Bench(options) => bench::run(&options),
    }
}
