package main

func (s *scenario) rootKeys() {}
